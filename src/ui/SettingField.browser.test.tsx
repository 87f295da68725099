import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { SettingField } from "./SettingField";

const box = document.createElement("div");
document.body.append(box);
let root = createRoot(box);

afterEach(() => {
  root.unmount();
  root = createRoot(box);
});

test("a number counts when Enter is pressed, and what is not possible is said and not taken", async () => {
  const onCommit = vi.fn((text: string) => (text === "9" ? "9 is not possible; expected 0.1..2." : null));
  root.render(
    <SettingField
      label="temperature"
      unit=""
      hint="1 keeps the sampler equal to the policy"
      value="1"
      choices={[]}
      isWaiting={false}
      onCommit={onCommit}
    />,
  );
  const field = page.getByLabelText("temperature");
  await userEvent.fill(field, "9");
  expect(onCommit).not.toHaveBeenCalled();
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByRole("alert")).toHaveTextContent("expected 0.1..2");
  await expect.element(field).toHaveValue("9");

  await userEvent.fill(field, "0.8");
  await userEvent.keyboard("{Enter}");
  expect(onCommit).toHaveBeenLastCalledWith("0.8");
  await expect.element(page.getByRole("alert")).not.toBeInTheDocument();

  await userEvent.fill(field, "1.5");
  await userEvent.keyboard("{Escape}");
  await expect.element(field).toHaveValue("1");
});
