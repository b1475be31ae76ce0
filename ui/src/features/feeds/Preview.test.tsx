import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { FeedPreview } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { Preview } from "./Preview";

const FOUND: FeedPreview = {
	final_url: "https://example.com/feed",
	kind: "rss",
	title: "Endless",
	site_url: null,
	language: null,
	entries: [],
	entry_count: 10_000,
	notes: [],
	took_ms: 900,
	candidates: [],
	followed_feed_id: null,
	problem: null,
};

const look = (preview: FeedPreview) => render(<Preview preview={preview} />);

test("a look that failed leads to the page that says what to do", async () => {
	const problem = {
		code: "http-404",
		detail: "There is nothing at that address.",
		error: "feeds/unreachable",
	};
	look({ ...FOUND, problem });
	const link = await screen.findByRole("link", { name: "More about this error" });
	expect(link).toHaveAttribute("href", "/errors/feeds/unreachable");
});

test("a look at a feed says what was left out of it", async () => {
	look({ ...FOUND, notes: ["The first 10,000 were kept."] });
	expect(await screen.findByText("The first 10,000 were kept.")).toBeVisible();
});
