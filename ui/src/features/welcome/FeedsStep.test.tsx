import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { FeedsStep } from "./FeedsStep";

afterEach(cleanup);

const opml = (feeds: number) =>
	new File(
		[
			`<opml version="2.0"><body>${Array.from({ length: feeds }, (_, n) => `<outline text="F" xmlUrl="https://x.example/${n}"/>`).join("")}</body></opml>`,
		],
		"feeds.opml",
		{ type: "text/xml" },
	);

function listening() {
	const asked: string[] = [];
	vi.stubGlobal("fetch", (request: Request | string, options?: RequestInit) => {
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
		return Promise.resolve(
			new Response(JSON.stringify(answer[path] ?? {}), { headers: { "content-type": "application/json" } }),
		);
	});
	return asked;
}

test("a list of hundreds is followed as a whole, and not looked at one by one", async () => {
	const asked = listening();
	const onDone = vi.fn();
	const { container } = render(<FeedsStep found={[]} onDone={onDone} />);
	await screen.findByText("From an OPML file");
	await userEvent.upload(container.querySelector("input[type=file]") as HTMLInputElement, opml(300));
	await waitFor(() => expect(onDone).toHaveBeenCalled());
	expect(asked.filter((path) => path === "POST /api/feeds/opml")).toHaveLength(1);
	expect(asked).not.toContain("POST /api/feeds/test");
});

test("a short list is shown feed by feed", async () => {
	const asked = listening();
	const { container } = render(<FeedsStep found={[]} onDone={() => undefined} />);
	await screen.findByText("From an OPML file");
	await userEvent.upload(container.querySelector("input[type=file]") as HTMLInputElement, opml(3));
	await waitFor(() => expect(asked.filter((path) => path === "POST /api/feeds/test")).toHaveLength(3));
	expect(asked).not.toContain("POST /api/feeds/opml");
});
