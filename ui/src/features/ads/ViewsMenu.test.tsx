import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { ViewsMenu } from "./ViewsMenu";

const json = (body: unknown, status = 200) =>
	new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

test("views that could not be had are not told as none, and are asked for again", async () => {
	let works = false;
	vi.stubGlobal("fetch", async () => (works ? json([]) : json({ title: "Busy", detail: "Busy" }, 503)));
	render(<ViewsMenu search={{}} onSearch={() => {}} />);
	await userEvent.click(await screen.findByRole("button", { name: "Views" }));
	const again = await screen.findByRole("menuitem", { name: "Try again" });
	expect(screen.queryByText("None saved yet")).not.toBeInTheDocument();
	// Whether a name is taken already is not known.
	expect(screen.getByRole("menuitem", { name: "Save what is shown now" })).toBeDisabled();
	works = true;
	await userEvent.click(again);
	expect(await screen.findByText("None saved yet")).toBeVisible();
});
