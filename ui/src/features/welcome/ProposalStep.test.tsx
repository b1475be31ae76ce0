import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { BrandProposal } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { ProposalStep } from "./ProposalStep";

const PROPOSAL: BrandProposal = {
	...{ name: "Adidas", category: "", description: "", website: "", names: [], not_phrases: [] },
	...{ context_words: [], competitors: ["Nike", "Puma"], feeds: [], notes: [] },
};
const answer = (body: unknown, status: number) =>
	new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

test("a competitor that is watched already, or a press that failed halfway, does not hold up the first steps", async () => {
	const watched = ["Nike"];
	let broken = true;
	vi.stubGlobal("fetch", async (asked: Request) => {
		if (asked.method !== "POST") return answer({ items: [] }, 200);
		const { name } = await asked.json();
		if (watched.includes(name))
			return answer({ title: "Watched.", status: 409, code: "brands/already-watched" }, 409);
		if (name === "Puma" && broken)
			return answer({ title: "Try again.", status: 503, code: "core/busy" }, 503);
		watched.push(name);
		return answer({ id: name }, 201);
	});
	const onDone = vi.fn();
	render(<ProposalStep proposal={PROPOSAL} onBack={() => {}} onDone={onDone} />);
	await userEvent.click(await screen.findByRole("checkbox", { name: "Nike" }));
	await userEvent.click(screen.getByRole("checkbox", { name: "Puma" }));
	const watch = screen.getByRole("button", { name: "Watch Adidas and 2 more" });
	await userEvent.click(watch);
	expect(await screen.findByRole("alert")).toHaveTextContent("Puma: Try again.");
	broken = false;
	await userEvent.click(watch);
	await waitFor(() => expect(onDone).toHaveBeenCalled());
	expect(watched).toEqual(["Nike", "Adidas", "Puma"]);
});
