/** What the lab itself refuses or ends with, in words. */
import type { Fault } from "../core/result";

export const closedFault: Fault = {
  at: "policy",
  code: "stopped",
  message: "The work was stopped because the lab was opened or reset.",
  hint: "Press Start to begin again.",
};

export const notFiniteFault: Fault = {
  at: "policy",
  code: "not-finite",
  message: "Three steps in a row had no gradient that is a number, so the policy cannot learn as it is.",
  hint: "Lower the learning rate and reset; what was recorded so far is kept.",
};

export const goneFault: Fault = {
  at: "policy",
  code: "gone",
  message: "The lab keeps only the newest episodes, and this one is no longer among them.",
  hint: "Choose a newer episode.",
};

export const notOpenFault: Fault = {
  at: "policy",
  code: "not-open",
  message: "The lab is not open yet.",
  hint: "Wait until loading has ended, or reload the page.",
};
