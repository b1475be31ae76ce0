import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { TopicPanel } from "./TopicPanel";

const answer = (body: unknown) =>
	new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });

test("examples that are not saved yet outlast a look at the mentions", async () => {
	const topic = {
		...{ id: "t", title: "Recalls", sort: "topic", line: "called back", examples: [], brand_id: null },
		...{ archived: false, yes: 1, maybe: 0, answers: 0, learned_from: 0, filling: false },
	};
	vi.stubGlobal("fetch", async ({ url }: Request) =>
		answer(new URL(url).pathname === "/api/topics/t" ? topic : { items: [], next: null }),
	);
	render(<TopicPanel id="t" onClose={() => {}} />);
	await userEvent.click(await screen.findByRole("tab", { name: "Words" }));
	await userEvent.type(await screen.findByRole("textbox", { name: /Examples/ }), "They took it back");
	await userEvent.click(screen.getByRole("tab", { name: "Mentions" }));
	expect(screen.queryByRole("textbox", { name: /Examples/ })).toBeNull();
	await userEvent.click(screen.getByRole("tab", { name: "Words" }));
	expect(await screen.findByRole("textbox", { name: /Examples/ })).toHaveValue("They took it back");
});
