import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { SampleDeck } from "./SampleDeck";

const answer = (body: unknown) =>
	new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });

test("the words that are asked about are marked, whatever signs stand before them", async () => {
	const before = Array.from(`${"🎉".repeat(10)} ${"Great day today. ".repeat(20)}We love `);
	const text = `${before.join("")}Tallow candles so much.`;
	const place = { field: "text", start: before.length, end: before.length + 6, surest: true };
	const mention = {
		...{ id: "m", title: "A day", url: "https://x.example", outlet: "Post", site: "x.example", quote: null },
		...{ published_at: "2026-11-01T00:00:00Z", evidence: [place] },
	};
	const { length } = Array.from(text);
	vi.stubGlobal("fetch", async ({ url }: Request) =>
		url.includes("/mentions/m")
			? answer({ ...mention, window: { text, start: 0, end: length, length } })
			: answer({ mentions: [{ id: "s", mention, answer: null, tone: null }] }),
	);
	render(<SampleDeck brand="b" name="Tallow" onBack={() => {}} />);
	await waitFor(() => expect(screen.getByText("Tallow", { selector: "mark" })).toBeVisible());
});
