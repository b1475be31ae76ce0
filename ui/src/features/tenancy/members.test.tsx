import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { MembersTab } from "./MembersTab";

const at = "2026-11-01T08:00:00Z";
const members = [
	{ id: "m1", user_id: "1", name: "Ada", email: "ada@example.com", role: "admin", created_at: at },
	{ id: "m2", user_id: "2", name: "Bo", email: "bo@example.com", role: "owner", created_at: at },
	{ id: "m3", user_id: "3", name: "Cy", email: "cy@example.com", role: "analyst", created_at: at },
];

test("nobody is offered to remove somebody whose role is above their own", async () => {
	vi.stubGlobal(
		"fetch",
		async ({ url }: Request) =>
			new Response(JSON.stringify(url.endsWith("/members") ? members : []), {
				headers: { "Content-Type": "application/json" },
			}),
	);
	render(<MembersTab asked={false} onAsk={() => {}} reset={undefined} onReset={() => {}} />, "admin");
	expect(await screen.findByRole("button", { name: "Remove Cy" })).toBeVisible();
	expect(screen.getByRole("button", { name: "Remove Ada" })).toBeVisible();
	expect(screen.queryByRole("button", { name: "Remove Bo" })).not.toBeInTheDocument();
});
