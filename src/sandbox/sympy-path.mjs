/** Where SymPy's source lies in Python's file system, both while the snapshot is made and in the worker. */
export const sympyPath = "/lib/sympy.zip";
