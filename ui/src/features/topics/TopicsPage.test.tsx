import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { TopicsPage } from "./TopicsPage";

const TOPIC = {
	id: "t",
	brand_id: "b",
	title: "We repair what we sell",
	line: "Acme repairs what it sells",
	sort: "message",
	examples: [],
	archived: false,
	filling: false,
	yes: 1,
	maybe: 0,
};

test("a message of one brand is never said to be of all, also before the brands are there", async () => {
	vi.stubGlobal("fetch", async (request: Request) => {
		const items = new URL(request.url).pathname === "/api/topics" ? [TOPIC] : undefined;
		if (!items) return new Promise<Response>(() => {});
		return new Response(JSON.stringify({ items, next: null, model: true }), {
			headers: { "Content-Type": "application/json" },
		});
	});
	render(<TopicsPage open={undefined} onOpen={() => {}} />);
	expect(await screen.findByText("We repair what we sell")).toBeTruthy();
	expect(screen.queryByText("All")).toBeNull();
});
