import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { NotificationBell } from "./NotificationBell";

const complain = vi.hoisted(() => vi.fn());
vi.mock("@/shared/undo", () => ({ complain }));

test("notices that could not be marked as read are complained of", async () => {
	vi.stubGlobal("fetch", async ({ method }: Request) => {
		const refused = method === "PUT";
		const body = refused ? { title: "Busy", detail: "Busy" } : { items: [], unread: 2, next: null };
		return new Response(JSON.stringify(body), {
			status: refused ? 503 : 200,
			headers: { "Content-Type": "application/json" },
		});
	});
	render(<NotificationBell />);
	await userEvent.click(await screen.findByRole("button", { name: "Notifications, 2 unread" }));
	await userEvent.click(await screen.findByRole("button", { name: "Mark all read" }));
	await waitFor(() => expect(complain).toHaveBeenCalledOnce());
});
