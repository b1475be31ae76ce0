import { useForm } from "@mantine/form";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import type { MeaningOut } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import type { BrandValues } from "./BrandForm";
import { Meanings } from "./Meanings";

const meaning = (key: string, gloss: string, more: Partial<MeaningOut> = {}): MeaningOut => ({
	key,
	name: "Tide",
	gloss,
	uses: 3,
	is_brand: false,
	...more,
});

const SEA = meaning("tide.n1", "the periodic rise and fall of the sea level");
const OWN = meaning("tide.n4", "a detergent", { is_brand: true });

let answer: { items: MeaningOut[] };
let asked: unknown[];

beforeEach(() => {
	answer = { items: [SEA, OWN] };
	asked = [];
	vi.stubGlobal("fetch", async (request: Request) => {
		asked.push(await request.json());
		return new Response(JSON.stringify(answer), { headers: { "Content-Type": "application/json" } });
	});
});

function Form({ given = {}, may = true }: { given?: Partial<BrandValues>; may?: boolean }) {
	const form = useForm<BrandValues>({
		initialValues: {
			name: "Tide",
			description: "Detergents",
			context_words: [],
			names: [],
			namesakes: [],
			meanings_off: [],
			...given,
		} as unknown as BrandValues,
	});
	return (
		<>
			<Meanings form={form} may={may} />
			<output aria-label="off">{form.values.meanings_off.join()}</output>
			<output aria-label="namesakes">{form.values.namesakes.join()}</output>
		</>
	);
}

const off = () => screen.getByLabelText("off").textContent;
const namesakes = () => screen.getByLabelText("namesakes").textContent;

test("a meaning counts until it is switched off, and the brand itself never does", async () => {
	render(<Form />);
	const sea = await screen.findByRole("checkbox", { name: SEA.gloss });
	expect(sea).toBeChecked();
	const own = screen.getByRole("checkbox", { name: OWN.gloss });
	expect(own).not.toBeChecked();
	expect(own).toBeDisabled();
	expect(screen.getByText("The brand itself")).toBeInTheDocument();
	await userEvent.click(sea);
	expect(off()).toBe(SEA.key);
	await userEvent.click(sea);
	expect(off()).toBe("");
});

test("what is said in own words is said once, and the keyboard stays where it was", async () => {
	render(<Form />);
	const own = `Say it in your own words: ${SEA.gloss}`;
	await userEvent.click(await screen.findByRole("button", { name: own }));
	expect(off()).toBe(SEA.key);
	expect(namesakes()).toBe(SEA.gloss);
	const sea = screen.getByRole("checkbox", { name: SEA.gloss });
	expect(sea).toHaveFocus();
	await userEvent.click(sea);
	await userEvent.click(screen.getByRole("button", { name: own }));
	expect(namesakes()).toBe(SEA.gloss);
});

test("names that words can be are asked about, and each is said where there are several", async () => {
	answer = { items: [SEA, meaning("pod.n1", "the vessel that holds peas", { name: "Pod" })] };
	render(
		<Form
			given={{
				names: [
					{ text: "Pod", kind: "product" },
					{ text: "tide.com", kind: "domain" },
				],
			}}
		/>,
	);
	expect(await screen.findByText("Pod: the vessel that holds peas")).toBeInTheDocument();
	expect(asked).toEqual([expect.objectContaining({ name: "Tide", names: ["Pod"] })]);
});

test("of many meanings the first are shown, and all when asked", async () => {
	answer = { items: Array.from({ length: 9 }, (_, at) => meaning(`tide.v${at}`, `meaning ${at}`)) };
	render(<Form />);
	await screen.findByText("meaning 4");
	expect(screen.queryByText("meaning 5")).not.toBeInTheDocument();
	await userEvent.click(screen.getByRole("button", { name: "Show all 9" }));
	expect(screen.getByText("meaning 8")).toBeInTheDocument();
});

test("who may only look changes nothing, and where nothing else is meant nothing is shown", async () => {
	const { unmount } = render(<Form may={false} />);
	expect(await screen.findByRole("checkbox", { name: SEA.gloss })).toBeDisabled();
	expect(screen.queryByRole("button", { name: /own words/ })).not.toBeInTheDocument();
	unmount();
	answer = { items: [] };
	render(<Form given={{ name: "Zyxgard" }} />);
	await waitFor(() => expect(asked).toHaveLength(2));
	expect(screen.queryByText("Also means, by the dictionary")).not.toBeInTheDocument();
});
