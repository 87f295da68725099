/** How the schema writes a setting down: a type of zod's, and what the setting says about itself. */
import { z } from "zod";

/** What a field says about itself besides its type. */
interface SettingMeta {
  label: { en: string; zh: string };
  unit?: string;
  why: string;
  /** May be changed while a run goes on, from the next step. */
  live?: boolean;
}

export const setting = <T extends z.ZodType>(type: T, meta: SettingMeta): T => type.meta({ ...meta });

/** A part that is left out takes its defaults. */
export const part = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).prefault({} as never);

export const share = z.number().min(0).max(1);

/** Names with commas between them, or nothing. */
export const names = z.string().regex(/^([a-z0-9-]+(,[a-z0-9-]+)*)?$/);
