import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { ReportDocument } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { EvidencePanel } from "./EvidencePanel";
import { MentionTable } from "./MentionTable";
import { People } from "./People";
import { Care } from "./ReportParts";

afterEach(cleanup);

const mention = {
	title: "Brask to build motors",
	brand_name: "Brask",
	outlet: "Harbour Post",
	site: "harbour.example",
	published_at: "2026-11-01T08:00:00Z",
	tone: "neutral",
	confidence: 0.97,
	judgement: null,
	reprint: false,
	sentence: "Brask is to build motors for buses.",
};
const document = {
	brands: [{ id: "b", name: "Brask", subject: true }],
	mentions: [{ ...mention, id: "m", story_id: "s" }],
	mentions_in_all: 1,
	time_zone: "Europe/Berlin",
	caveats: [{ code: "few", text: "Few texts.", action: "Follow more feeds", href: "/feeds" }],
} as unknown as ReportDocument;

function evidence() {
	const items = [
		{ ...mention, mention_id: "m", article_id: "a", url: "https://harbour.example/1", body_sha256: null },
	];
	vi.stubGlobal(
		"fetch",
		async () =>
			new Response(
				JSON.stringify({ label: "Mentions", total: 1, stories: 1, outlets: 1, items, next: null }),
				{
					headers: { "content-type": "application/json" },
				},
			),
	);
	return <EvidencePanel report="r" figure="mentions" zone="Europe/Berlin" onClose={() => {}} />;
}

const page = () => (
	<>
		<MentionTable document={document} />
		<People document={document} />
		<Care document={document} />
	</>
);

test("a guest is led nowhere that guests may not go", async () => {
	render(page(), "guest");
	expect(await screen.findByText("Brask to build motors")).toBeVisible();
	expect(screen.getByText("Few texts.")).toBeVisible();
	expect(screen.queryAllByRole("link")).toEqual([]);
});

test("a guest sees the words behind a number and where they were published", async () => {
	render(evidence(), "guest");
	expect(await screen.findByText(mention.sentence)).toBeVisible();
	expect(screen.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual([
		"https://harbour.example/1",
	]);
});

test("a viewer goes from a report to its stories, people and articles", async () => {
	const view = render(page(), "viewer");
	await screen.findByRole("link", { name: "Brask to build motors" });
	expect(screen.getByRole("link", { name: "People" })).toBeVisible();
	expect(screen.getByRole("link", { name: "Follow more feeds" })).toBeVisible();
	view.unmount();
	render(evidence(), "viewer");
	expect(await screen.findByRole("link", { name: "See it in the article" })).toBeVisible();
});
