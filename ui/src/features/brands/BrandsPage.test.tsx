import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { BrandsPage } from "./BrandsPage";

afterEach(cleanup);

const brand = (id: string, paused: boolean) => ({
	id,
	name: id,
	kind: "own",
	color: "#123456",
	description: "",
	website: "",
	category: "",
	names: [],
	not_phrases: [],
	paused,
});

test("while it is counted how loud brands are, their places say so, and then hold the figures", async () => {
	let count = (_: unknown) => {};
	const voices = new Promise((resolve) => {
		count = resolve;
	});
	vi.stubGlobal("fetch", async (request: Request) => {
		const { pathname } = new URL(request.url);
		const answer =
			pathname === "/api/voices"
				? await voices
				: pathname === "/api/brands"
					? { items: [brand("Loud", false), brand("Resting", true)] }
					: { items: [], next: null };
		return new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } });
	});
	render(<BrandsPage open={undefined} onOpen={() => {}} tab="profile" onTab={() => {}} />);
	// One that is paused is not counted.
	expect(await screen.findAllByLabelText("Counting the last 30 days")).toHaveLength(1);
	count({
		share: { rows: [{ brand_id: "Loud", stories: 7, share: { value: 1 } }] },
		volume: { series: [{ brand_id: "Loud", mentions: [1, 2] }] },
	});
	expect(await screen.findByText("7 stories")).toBeVisible();
	expect(screen.queryByLabelText("Counting the last 30 days")).toBeNull();
});
