import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { CategoryField } from "./CategoryField";

const answer = (body: unknown) =>
	new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });

test("categories fit the brand that is named now, not the one named before", async () => {
	vi.stubGlobal("fetch", async (asked: Request) => {
		if (asked.method === "GET") return answer({ items: [] });
		const { name } = await asked.json();
		const category = name === "Quanta" ? "Hotels" : "Banks";
		return answer({ items: [{ name: category, sector: "Services", confidence: 0.9, why: "by its name" }] });
	});
	const Form = () => {
		const [name, setName] = useState("Quanta");
		return (
			<>
				<button type="button" onClick={() => setName("Nordbank")}>
					Another brand
				</button>
				<CategoryField about={{ name, description: "", website: "" }} />
			</>
		);
	};
	render(<Form />);
	const field = await screen.findByRole("combobox");
	await userEvent.click(field);
	expect(await screen.findByRole("button", { name: /Hotels/ })).toBeVisible();
	await userEvent.click(screen.getByRole("button", { name: "Another brand" }));
	expect(screen.queryByRole("button", { name: /Hotels/ })).toBeNull();
	await userEvent.click(field);
	expect(await screen.findByRole("button", { name: /Banks/ })).toBeVisible();
	expect(screen.queryByRole("button", { name: /Hotels/ })).toBeNull();
});
