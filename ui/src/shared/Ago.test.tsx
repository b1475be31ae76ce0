import { act } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { Ago } from "./time";

afterEach(() => void vi.useRealTimers());

test("what happened a few seconds ago happened two minutes ago two minutes later", async () => {
	vi.useFakeTimers({
		toFake: ["Date", "setInterval", "clearInterval"],
		now: new Date("2026-11-01T12:00:05Z"),
	});
	const { findByText, unmount } = render(
		<>
			<Ago at="2026-11-01T12:00:00Z" />
			<Ago at="2026-11-01T09:00:00Z" />
		</>,
	);
	expect(await findByText("a few seconds ago")).toBeVisible();
	act(() => vi.advanceTimersByTime(120_000));
	expect(await findByText("2 minutes ago")).toBeVisible();
	expect(await findByText("3 hours ago")).toBeVisible();
	expect(vi.getTimerCount()).toBe(1);
	unmount();
	expect(vi.getTimerCount()).toBe(0);
});
