import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { SchedulesTab } from "./SchedulesTab";

test("a schedule that stopped by itself says why, and one that a person paused does not", async () => {
	const schedule = { cron: "0 8 * * *", every_seconds: null, time_zone: "UTC", paused: true, last_run: null };
	const items = [
		{ ...schedule, id: "one", title: "Morning", paused_because: "There is no job named talk" },
		{ ...schedule, id: "two", title: "Evening", paused_because: null },
	];
	const body = JSON.stringify({ items, next: null });
	vi.stubGlobal("fetch", async () => new Response(body, { headers: { "Content-Type": "application/json" } }));
	render(<SchedulesTab open={undefined} onOpen={() => {}} plan={null} />);
	expect(await screen.findByRole("button", { name: "Morning" })).toBeVisible();
	expect(screen.getAllByText(/^Stopped by itself/).map((line) => line.textContent)).toEqual([
		"Stopped by itself: There is no job named talk",
	]);
});
