import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { ReportDocument } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { MentionTable } from "./MentionTable";

afterEach(cleanup);

const mention = (id: string, brand_id: string) => ({
	id,
	brand_id,
	story_id: null,
	title: "Coffee that arrives by bicycle",
	outlet: "Green Commute",
	site: "green.example",
	published_at: "2021-10-31T23:30:00Z",
	tone: "neutral",
	confidence: 0.97,
	judgement: null,
	reprint: false,
});

const told = (...brands: string[]) =>
	({
		brands: [
			{ id: "t", name: "Tallow", subject: true },
			{ id: "m", name: "Morrow Bay", subject: true },
		],
		mentions: brands.map((brand, at) => mention(String(at), brand)),
		mentions_in_all: brands.length,
		time_zone: "Europe/Berlin",
	}) as unknown as ReportDocument;

test("an article that names two brands stands there once for each, with its brand", async () => {
	render(<MentionTable document={told("t", "m")} />, "viewer");
	const rows = (await screen.findAllByRole("row")).slice(1);
	expect(rows).toHaveLength(2);
	expect(within(rows[0] as HTMLElement).getByText("Tallow")).toBeVisible();
	expect(within(rows[1] as HTMLElement).getByText("Morrow Bay")).toBeVisible();
});

test("times are those of the report's days, wherever it is read", async () => {
	render(<MentionTable document={told("t")} />, "viewer");
	expect(await screen.findByRole("cell", { name: "1 Nov 2021, 00:30" })).toBeVisible();
	expect(screen.queryByText("Tallow")).toBeNull();
});
