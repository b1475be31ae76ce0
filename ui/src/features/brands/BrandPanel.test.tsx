import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { BrandPanel } from "./BrandPanel";

const answer = (body: unknown) =>
	new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });

test("a brand that is opened again after it was saved shows what was saved", async () => {
	let brand: Record<string, unknown> = {
		...{ id: "b", name: "Tallow", kind: "own", description: "", category: "", website: "", color: "#112233" },
		...{ context_words: [], not_phrases: [], namesakes: [], meanings_off: [], names: [], paused: false },
	};
	vi.stubGlobal("fetch", async (asked: Request) => {
		if (new URL(asked.url).pathname !== "/api/brands/b") return answer({ items: [] });
		if (asked.method === "GET") await new Promise((go) => setTimeout(go, 30));
		else brand = { ...brand, ...(await asked.json()) };
		return answer(brand);
	});
	const Page = () => {
		const [open, setOpen] = useState(true);
		return (
			<>
				<button type="button" onClick={() => setOpen(true)}>
					Open it
				</button>
				{open && <BrandPanel id="b" tab="profile" onTab={() => {}} onClose={() => setOpen(false)} />}
			</>
		);
	};
	render(<Page />);
	await userEvent.type(await screen.findByRole("textbox", { name: "Description" }), "Maker of kettles");
	await userEvent.click(screen.getByRole("button", { name: "Save" }));
	await waitFor(() => expect(screen.queryByRole("textbox", { name: "Description" })).toBeNull());
	await userEvent.click(screen.getByRole("button", { name: "Open it" }));
	const again = await screen.findByRole("textbox", { name: "Description" });
	await waitFor(() => expect(again).toHaveValue("Maker of kettles"));
});
