import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { ToastHost } from "@/shared/undo";
import { render } from "@/test/render";
import { FeedsStep } from "./FeedsStep";

afterEach(cleanup);

const opml = new File(["<opml/>"], "feeds.opml", { type: "text/xml" });
const named = (feeds: number) => ({
	items: Array.from({ length: feeds }, (_, n) => ({ url: `https://x.example/${n}`, title: "F" })),
});

function listening(
	more: (body: string, path: string) => Record<string, unknown> | undefined = () => undefined,
	status: (path: string) => number = () => 200,
) {
	const asked: string[] = [];
	vi.stubGlobal("fetch", async (request: Request | string, options?: RequestInit) => {
		const [method, url] =
			typeof request === "string" ? [options?.method, request] : [request.method, request.url];
		const path = `${method} ${new URL(url, "http://x").pathname}`;
		asked.push(path);
		const answer: Record<string, unknown> = {
			"GET /api/feeds/packs": { items: [] },
			"GET /api/feeds/health": { total: 0, items: [] },
			"POST /api/feeds/test": { entries: [], candidates: [], entry_count: 0 },
			"POST /api/feeds/opml": { followed: 300, already: 0, rejected: [] },
		};
		const body = typeof request === "string" ? String(options?.body) : await request.clone().text();
		return new Response(JSON.stringify(more(body, path) ?? answer[path] ?? {}), {
			status: status(path),
			headers: { "content-type": "application/json" },
		});
	});
	return asked;
}

test("a list of hundreds is followed as a whole, and not looked at one by one", async () => {
	const asked = listening((_, path) => (path.endsWith("/opml/test") ? named(300) : undefined));
	const onDone = vi.fn();
	const { container } = render(<FeedsStep found={[]} onDone={onDone} />);
	await screen.findByText("From an OPML file");
	await userEvent.upload(container.querySelector("input[type=file]") as HTMLInputElement, opml);
	await waitFor(() => expect(onDone).toHaveBeenCalled());
	expect(asked.filter((path) => path === "POST /api/feeds/opml")).toHaveLength(1);
	expect(asked).not.toContain("POST /api/feeds/test");
});

test("a short list is shown feed by feed", async () => {
	const asked = listening((_, path) => (path.endsWith("/opml/test") ? named(3) : undefined));
	const { container } = render(<FeedsStep found={[]} onDone={() => undefined} />);
	await screen.findByText("From an OPML file");
	await userEvent.upload(container.querySelector("input[type=file]") as HTMLInputElement, opml);
	await waitFor(() => expect(asked.filter((path) => path === "POST /api/feeds/test")).toHaveLength(3));
	expect(asked).not.toContain("POST /api/feeds/opml");
});

test("a file that is no list of feeds is refused in words", async () => {
	listening(
		(_, path) =>
			path.endsWith("/opml/test") ? { title: "That file cannot be taken.", status: 422 } : undefined,
		(path) => (path.endsWith("/opml/test") ? 422 : 200),
	);
	const { container } = render(
		<>
			<ToastHost />
			<FeedsStep found={[]} onDone={() => undefined} />
		</>,
	);
	await screen.findByText("From an OPML file");
	await userEvent.keyboard("{Shift}");
	await userEvent.upload(container.querySelector("input[type=file]") as HTMLInputElement, opml);
	expect(await screen.findByText("That file cannot be taken.")).toBeVisible();
});

test("a site with one feed is taken as that feed, and one with several asks", async () => {
	const feed = (url: string) => ({
		url,
		title: `Feed of ${url}`,
		kind: "rss",
		entries: null,
		followed: false,
	});
	const sites: Record<string, unknown[]> = {
		"one.example": [feed("https://one.example/feed")],
		"two.example": [feed("https://two.example/a"), feed("https://two.example/b")],
	};
	listening((body) => {
		const candidates = Object.entries(sites).find(([site]) => body.includes(`"${site}"`))?.[1];
		const problem = { code: "not-a-feed", detail: "A page" };
		return candidates && { problem, candidates, entries: [], entry_count: 0 };
	});
	render(
		<FeedsStep found={Object.keys(sites).map((url) => ({ url, title: "" }))} onDone={() => undefined} />,
	);
	expect(await screen.findByText("Feed of https://one.example/feed")).toBeVisible();
	expect(await screen.findByText("Take its 2 feeds")).toBeVisible();
	expect(screen.queryByText("one.example")).toBeNull();
});
