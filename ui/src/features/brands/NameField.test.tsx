import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import type { BrandSuggestion } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { NameField } from "./NameField";

const entry = (
	id: string,
	name: string,
	category: string,
	where: string[],
	aliases: string[] = [],
): BrandSuggestion => ({
	id,
	name,
	category,
	where,
	aliases,
	description: "",
	website: "",
});

const FOUND = [
	entry("target-1", "Target", "Department store", ["au"], ["Target (Australia)"]),
	entry("target-2", "Target", "Department store", ["us"], ["Target (USA)"]),
	entry("target-3", "Target", "Department store", ["us"]),
	entry("targetoptical-1", "Target Optical", "Optician", ["001"]),
];

test("brands of one name are told apart by what they sell and where, and the chosen one brings its other names", async () => {
	vi.stubGlobal(
		"fetch",
		async () =>
			new Response(JSON.stringify({ items: FOUND }), { headers: { "Content-Type": "application/json" } }),
	);
	const chosen: string[][] = [];
	const Field = () => {
		const [name, setName] = useState("");
		return (
			<NameField
				value={name}
				error={null}
				onChange={setName}
				suggest
				onSuggestion={({ aliases }) => chosen.push(aliases)}
			/>
		);
	};
	render(<Field />);
	await userEvent.type(await screen.findByRole("combobox"), "Target");
	const options = await screen.findAllByRole("option", { hidden: true });
	expect(options.map((option) => option.textContent)).toEqual([
		"TargetDepartment store · Australia",
		"TargetDepartment store · United States",
		"Target OpticalOptician · Worldwide",
	]);
	await userEvent.click(options[1] as HTMLElement);
	expect(chosen).toEqual([["Target (USA)"]]);
	expect(screen.getByRole("combobox")).toHaveValue("Target");
});

test("a brand that is found by another of its names says by which", async () => {
	const items = [entry("atour-1", "亚朵酒店", "Hotel", ["cn"], ["Atour Hotel", "Atour Hotels"])];
	vi.stubGlobal(
		"fetch",
		async () => new Response(JSON.stringify({ items }), { headers: { "Content-Type": "application/json" } }),
	);
	const Field = () => {
		const [name, setName] = useState("");
		return <NameField value={name} error={null} onChange={setName} suggest onSuggestion={() => {}} />;
	};
	render(<Field />);
	await userEvent.type(await screen.findByRole("combobox"), "atour hotels");
	const [option] = await screen.findAllByRole("option", { hidden: true });
	expect(option).toHaveTextContent("亚朵酒店Atour Hotels · Hotel · China");
});
