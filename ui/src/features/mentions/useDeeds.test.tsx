import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { useDeeds } from "./useDeeds";

const close = vi.hoisted(() => vi.fn());
const toasts = vi.hoisted(() => ({ complain: vi.fn(), offerUndo: vi.fn(), say: vi.fn() }));
vi.mock("@/shared/undo", () => toasts);

let asked: string[];
let answers: { path: string; give: (status: number) => void }[];

beforeEach(() => {
	toasts.complain.mockReset();
	toasts.offerUndo.mockReset().mockReturnValue(close);
	toasts.say.mockReset();
	close.mockReset();
	asked = [];
	answers = [];
	vi.stubGlobal("fetch", ({ method, url }: Request) => {
		const path = `${method} ${new URL(url).pathname}`;
		asked.push(path);
		return new Promise<Response>((resolve) => {
			const give = (status: number) =>
				resolve(
					new Response(
						JSON.stringify(
							status < 400
								? { id: "d", kind: "archive", total: 2, changed: 2, failed: 0, state: "done" }
								: { title: "It does not go.", status },
						),
						{ status, headers: { "Content-Type": "application/json" } },
					),
				);
			answers.push({ path, give });
		});
	});
});

const answer = async (status = 200) => {
	await waitFor(() => expect(answers).not.toHaveLength(0));
	await act(async () => answers.shift()?.give(status));
};

function deeds() {
	const client = new QueryClient();
	const wrapper = ({ children }: { children: ReactNode }) => (
		<QueryClientProvider client={client}>{children}</QueryClientProvider>
	);
	return renderHook(useDeeds, { wrapper });
}
const archive = { work: "mark", kind: "archive", stories: ["a", "b"] } as const;

test("what is asked for twice is done once, and can be taken back when the page is left", async () => {
	const then = vi.fn();
	const { result, unmount } = deeds();
	const { hand } = result.current;
	act(() => {
		hand({ ...archive, stories: [...archive.stories] }, then);
		hand({ ...archive, stories: [...archive.stories] }, then);
	});
	await waitFor(() => expect(result.current.busy).toBe(true));
	unmount();
	await answer();
	await waitFor(() => expect(then).toHaveBeenCalledOnce());
	expect(asked).toHaveLength(1);
	const [words, undo] = toasts.offerUndo.mock.calls[0] ?? [];
	expect(words).toBe("Archived: 2 stories");
	undo();
	await answer(409);
	expect(asked).toHaveLength(2);
	await waitFor(() => expect(toasts.complain).toHaveBeenCalledWith("It does not go."));
});

test("each refusal is said, and what was refused is not taken back", async () => {
	const { result } = deeds();
	act(() => {
		result.current.act({ kind: "star", story: "a", on: true });
		result.current.act({ kind: "star", story: "b", on: true });
	});
	await answer(409);
	await answer(409);
	await waitFor(() => expect(toasts.complain).toHaveBeenCalledTimes(2));
	act(() => result.current.undo());
	expect(asked).toHaveLength(2);
});

test("taking back waits for what it takes back", async () => {
	const { result } = deeds();
	act(() => result.current.act({ kind: "star", story: "a", on: true }));
	act(() => result.current.undo());
	await waitFor(() => expect(asked).toHaveLength(1));
	await answer();
	await waitFor(() => expect(asked).toHaveLength(2));
	expect(asked[1]).not.toBe(asked[0]);
});

test("what the key takes back is not offered to be taken back once more", async () => {
	const { result } = deeds();
	act(() => result.current.hand({ ...archive, stories: [...archive.stories] }));
	await answer();
	await waitFor(() => expect(toasts.offerUndo).toHaveBeenCalledOnce());
	expect(close).not.toHaveBeenCalled();
	act(() => result.current.undo());
	expect(close).toHaveBeenCalledOnce();
	expect(toasts.say).toHaveBeenCalledWith("Taken back: “Archived: 2 stories”");
	await answer();
	act(() => result.current.undo());
	expect(asked).toEqual(["POST /api/stories/deeds", "PUT /api/stories/deeds/d/undoing"]);
	expect(toasts.say).toHaveBeenCalledOnce();
});

test("what was taken back in the list is offered neither by the message nor by the key", async () => {
	const { result } = deeds();
	act(() => result.current.hand({ ...archive, stories: [...archive.stories] }));
	await answer();
	await waitFor(() => expect(toasts.offerUndo).toHaveBeenCalledOnce());
	act(() => result.current.takenBack("another"));
	expect(close).not.toHaveBeenCalled();
	act(() => result.current.takenBack("d"));
	expect(close).toHaveBeenCalledOnce();
	act(() => result.current.undo());
	expect(asked).toEqual(["POST /api/stories/deeds"]);
});
