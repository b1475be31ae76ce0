import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useSelection } from "./useSelection";

const say = vi.hoisted(() => vi.fn());
vi.mock("@/shared/undo", () => ({ say }));

test.each(["toggle", "upTo"] as const)(
	"%s where all that match are chosen chooses none, and says so",
	(way) => {
		say.mockReset();
		const { result } = renderHook(() => useSelection("inbox", ["a", "b", "c"]));
		act(() => result.current.toggle("a"));
		act(() => result.current.chooseAll());
		expect(result.current.all).toBe(true);
		act(() => result.current[way]("b"));
		expect(result.current.all).toBe(false);
		expect([...result.current.ids]).toEqual([]);
		expect(say).toHaveBeenCalledOnce();
	},
);

test("stories are chosen one by one and as a range", () => {
	const { result } = renderHook(() => useSelection("inbox", ["a", "b", "c"]));
	act(() => result.current.toggle("a"));
	act(() => result.current.upTo("c"));
	act(() => result.current.toggle("b"));
	expect([...result.current.ids]).toEqual(["a", "c"]);
});

test("what has left the list is not chosen any more", () => {
	const { result, rerender } = renderHook(({ shown }) => useSelection("inbox", shown), {
		initialProps: { shown: ["a", "b", "c"] },
	});
	act(() => result.current.toggle("a"));
	act(() => result.current.toggle("b"));
	rerender({ shown: ["b", "c"] });
	expect([...result.current.ids]).toEqual(["b"]);
	act(() => result.current.upTo("c"));
	rerender({ shown: ["a", "b", "c"] });
	expect([...result.current.ids]).toEqual(["b", "c"]);
});

test("all that match are chosen whatever of them is shown", () => {
	const { result, rerender } = renderHook(({ shown }) => useSelection("inbox", shown), {
		initialProps: { shown: ["a", "b"] },
	});
	act(() => result.current.chooseAll());
	rerender({ shown: ["b"] });
	expect(result.current.all).toBe(true);
});
