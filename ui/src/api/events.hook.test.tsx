import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { useLiveEvents } from "./events";

afterEach(cleanup);

function Stream({ may }: { may: boolean }) {
	return <output>{useLiveEvents(may)}</output>;
}

test("a tab listens once its user may, and is never told that it lost a stream it may not have", async () => {
	const opened: string[] = [];
	vi.stubGlobal(
		"EventSource",
		class {
			constructor(url: string) {
				opened.push(url);
			}
			close() {}
		},
	);
	const guest = render(<Stream may={false} />, "guest");
	expect(await screen.findByText("connecting")).toBeVisible();
	expect(opened).toEqual([]);
	guest.unmount();
	render(<Stream may />);
	await screen.findByText("connecting");
	expect(opened).toEqual(["/api/events?since=5"]);
});
