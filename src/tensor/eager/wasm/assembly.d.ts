/** The compiled kernels of ./assembly, in base64; e2e/scripts/assembly.mjs makes them. */
declare module "virtual:kernels" {
  const base64: string;
  export default base64;
}
