import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { TopicMentionOut, TopicOut } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { TopicMentions } from "./TopicMentions";

const mention = (id: string) =>
	({
		topic_id: "t",
		title: "Prices",
		mention_id: id,
		probability: 0.5,
		standing: "maybe",
		said: null,
		quote: { field: "title", text: "" },
		story_id: "s",
		brand: { id: "b", name: "Acme", color: "#123456" },
		headline: `Headline ${id}`,
		outlet: "Herald",
		tone: "neutral",
		published_at: "2026-01-01T00:00:00Z",
	}) as unknown as TopicMentionOut;

test("the next key means the next mention, also before the list knows of the last one", async () => {
	const said: string[] = [];
	vi.stubGlobal("fetch", async (request: Request) => {
		if (request.method === "GET")
			return new Response(JSON.stringify({ items: [mention("m1"), mention("m2")], next: null }), {
				headers: { "Content-Type": "application/json" },
			});
		const { verdict } = await request.json();
		said.push(`${new URL(request.url).pathname.match(/m\d/)} ${verdict}`);
		return new Promise<Response>(() => {});
	});
	render(<TopicMentions topic={{ id: "t", maybe: 2, filling: false } as unknown as TopicOut} />);
	await screen.findByText("Headline m2");
	await userEvent.keyboard("ynn");
	await waitFor(() => expect(said).toHaveLength(2));
	expect(said.sort()).toEqual(["m1 yes", "m2 no"]);
});
