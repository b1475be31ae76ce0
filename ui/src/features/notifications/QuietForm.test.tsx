import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { PreferencesOut } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { QuietForm } from "./QuietForm";

test("what is changed while the form is on its way is still to be saved", async () => {
	let arrive = () => {};
	const sent: unknown[] = [];
	vi.stubGlobal("fetch", async (asked: Request) => {
		if (asked.method === "GET")
			return new Response("{}", { headers: { "Content-Type": "application/json" } });
		sent.push(await asked.json());
		await new Promise<void>((go) => {
			arrive = go;
		});
		return new Response("{}", { headers: { "Content-Type": "application/json" } });
	});
	const preferences = {
		...{ email: true, quiet_from: "22:00", quiet_until: "07:00", per_hour: 10 },
		...{ time_zone: "Europe/Berlin", organization_time_zone: "Europe/Berlin" },
	} as PreferencesOut;
	render(<QuietForm preferences={preferences} />);
	const save = await screen.findByRole("button", { name: "Save" });
	await userEvent.click(screen.getByRole("switch", { name: "Mail me" }));
	await userEvent.click(save);
	await waitFor(() => expect(sent).toHaveLength(1));
	await userEvent.click(screen.getByRole("switch", { name: "Quiet hours" }));
	arrive();
	await waitFor(() => expect(save).toBeEnabled());
	expect(screen.getByRole("switch", { name: "Quiet hours" })).not.toBeChecked();
	await userEvent.click(save);
	await waitFor(() => expect(sent[1]).toMatchObject({ email: false, quiet_from: null }));
});
