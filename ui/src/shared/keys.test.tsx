import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { Dialog } from "./Dialog";
import { confirms, useKeys, useNeighbourKeys, useNext } from "./keys";

const star = vi.fn();
const stories = vi.fn();
const opened = vi.fn();
const closed = vi.fn();
const none = vi.fn();

beforeEach(() => {
	for (const spy of [star, stories, opened, closed, none]) spy.mockReset();
});

function Screen({ ids = ["a", "b", "c"], open }: { ids?: string[]; open?: string | undefined }) {
	useKeys({ s: star, "g s": stories });
	useNeighbourKeys(ids, open, opened);
	return <input aria-label="Search" />;
}

test("a sequence is not its last key", async () => {
	render(<Screen />);
	await userEvent.keyboard("gs");
	expect(stories).toHaveBeenCalledOnce();
	expect(star).not.toHaveBeenCalled();
	await userEvent.keyboard("s");
	expect(star).toHaveBeenCalledOnce();
});

test("letters that are typed into a field do nothing else", async () => {
	render(<Screen />);
	await userEvent.type(screen.getByLabelText("Search"), "gs s");
	expect(star).not.toHaveBeenCalled();
	expect(stories).not.toHaveBeenCalled();
});

test.each([
	["j opens the first row when none is open", undefined, "j", "a"],
	["j goes on", "a", "j", "b"],
	["k goes back", "b", "k", "a"],
	["at the end nothing happens", "c", "j", undefined],
])("%s", async (_, open, key, expected) => {
	render(<Screen open={open} />);
	await userEvent.keyboard(key);
	if (expected) expect(opened).toHaveBeenCalledWith(expected);
	else expect(opened).not.toHaveBeenCalled();
});

test("when the open row has left the list, j goes to the one that took its place", async () => {
	const view = render(<Screen open="b" />);
	view.rerender(<Screen ids={["a", "c"]} open="b" />);
	await userEvent.keyboard("j");
	expect(opened).toHaveBeenCalledWith("c");
});

function Asking() {
	const [asking, setAsking] = useState(true);
	useKeys({ s: star, Escape: none });
	return (
		<Dialog opened={asking} title="Delete them?" onClose={() => setAsking(Boolean(closed()))}>
			<button type="button">Delete</button>
		</Dialog>
	);
}

test("a question has the keys to itself, also the one that closes it", async () => {
	render(
		<MantineProvider env="test">
			<Asking />
		</MantineProvider>,
	);
	const dialog = await screen.findByRole("dialog");
	await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
	await userEvent.keyboard("s");
	expect(star).not.toHaveBeenCalled();
	await userEvent.keyboard("{Escape}");
	expect(closed).toHaveBeenCalledOnce();
	expect(none).not.toHaveBeenCalled();
	await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
	await userEvent.keyboard("s{Escape}");
	expect(star).toHaveBeenCalledOnce();
	expect(none).toHaveBeenCalledOnce();
});

function Done({ ids, open }: { ids: string[]; open?: string | undefined }) {
	return (
		<button type="button" onClick={useNext(ids, open, opened)}>
			Done
		</button>
	);
}

test.each([
	[["a", "b", "c"], "b", [["c"]]],
	[["a", "b", "c"], "c", []],
	[["a", "b", "c"], undefined, []],
])("of %o with %s open, what is done with makes room for %o", async (ids, open, next) => {
	render(<Done ids={ids} open={open} />);
	await userEvent.click(screen.getByRole("button"));
	expect(opened.mock.calls).toEqual(next);
});

test("what is done with after it left the list makes room for what took its place, and not for the first one", async () => {
	const { rerender } = render(<Done ids={["a", "b", "c"]} open="b" />);
	rerender(<Done ids={["a", "c"]} open="b" />);
	await userEvent.click(screen.getByRole("button"));
	expect(opened.mock.calls).toEqual([["c"]]);
});

test("Enter that takes a word while it is composed confirms nothing", () => {
	const confirmed = vi.fn();
	render(<input aria-label="Sentence" onKeyDown={(event) => confirmed(confirms(event))} />);
	const field = screen.getByLabelText("Sentence");
	fireEvent.keyDown(field, { key: "Enter", isComposing: true });
	fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
	fireEvent.keyDown(field, { key: "Enter", keyCode: 13 });
	expect(confirmed.mock.calls).toEqual([[false], [false], [true]]);
});
