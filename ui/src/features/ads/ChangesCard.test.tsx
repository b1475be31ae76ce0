import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { AdChanges } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { ChangesCard } from "./ChangesCard";

const said = { rule: "fatigue", title: "Tired", severity: "warning", confidence: 0.9, since: "2026-11-20" };
const changes = {
	accounts: [{ account_id: "a", account: "Shop", currency: "USD", day: "2026-11-20", values: {}, usual: {} }],
	happened: [],
	new: Array.from({ length: 8 }, (_, at) => ({
		id: `${at}`,
		name: `Ad ${at}`,
		account: "Shop",
		said: { ...said, explained_by: [] },
	})),
	top: [],
	bottom: [],
	judged_at: null,
} as unknown as AdChanges;

test("of what is newly said the rest is a click away", async () => {
	render(<ChangesCard changes={changes} shownIn={undefined} onOpen={() => undefined} />);
	expect(await screen.findByText("Ad 5")).toBeTruthy();
	expect(screen.queryByText("Ad 6")).toBeNull();
	await userEvent.click(screen.getByRole("button", { name: "Show 2 more" }));
	expect(screen.getByText("Ad 7")).toBeTruthy();
	expect(screen.queryByRole("button", { name: /more/ })).toBeNull();
});
