/** The worker in which one engine is measured. */
import * as Comlink from "comlink";
import { SubjectHost } from "./host";

Comlink.expose(new SubjectHost());
