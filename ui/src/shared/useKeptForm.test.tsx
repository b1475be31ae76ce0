import { Button, TextInput } from "@mantine/core";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { render } from "@/test/render";
import { Words } from "./Filters";
import { useKeptForm } from "./useKeptForm";

const KEPT = { name: "Tallow", line: "Makes candles", aliases: ["Tallow & Co"] };

function Form({ kept, onSave }: { kept: typeof KEPT; onSave: (values: typeof KEPT) => void }) {
	const form = useKeptForm({ initialValues: kept });
	return (
		<form onSubmit={form.onSubmit(onSave)}>
			<TextInput label="Name" {...form.getInputProps("name")} />
			<TextInput label="Line" {...form.getInputProps("line")} />
			<Button type="submit" disabled={!form.isDirty()}>
				Save
			</Button>
		</form>
	);
}

test("what changes elsewhere is not put back by saving something else", async () => {
	const sent: (typeof KEPT)[] = [];
	const Page = () => {
		const [kept, setKept] = useState(KEPT);
		return (
			<>
				<Button
					onClick={() =>
						setKept({ name: "Tallow Ltd", line: "Makes lamps", aliases: ["Tallow & Co", "TCo"] })
					}
				>
					Somebody else saves
				</Button>
				<Form kept={kept} onSave={(values) => sent.push(values)} />
			</>
		);
	};
	render(<Page />);
	await userEvent.type(await screen.findByLabelText("Line"), " by hand");
	await userEvent.click(screen.getByRole("button", { name: "Somebody else saves" }));
	expect(screen.getByLabelText("Name")).toHaveValue("Tallow Ltd");
	expect(screen.getByLabelText("Line")).toHaveValue("Makes candles by hand");
	await userEvent.click(screen.getByRole("button", { name: "Save" }));
	expect(sent).toEqual([
		{ name: "Tallow Ltd", line: "Makes candles by hand", aliases: ["Tallow & Co", "TCo"] },
	]);
});

test("a form that nobody touched is not unsaved because its subject changed", async () => {
	const Page = () => {
		const [kept, setKept] = useState(KEPT);
		return (
			<>
				<Button onClick={() => setKept({ ...KEPT, line: "" })}>Empty it</Button>
				<Form kept={kept} onSave={() => undefined} />
			</>
		);
	};
	render(<Page />);
	await screen.findByLabelText("Line");
	await userEvent.click(screen.getByRole("button", { name: "Empty it" }));
	expect(screen.getByLabelText("Line")).toHaveValue("");
	expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
});

test("the words of a saved view stand in the field, whatever was searched for before", async () => {
	const Page = () => {
		const [words, setWords] = useState<string>();
		return (
			<>
				<Button onClick={() => setWords("sale")}>The view of sales</Button>
				<Button onClick={() => setWords(undefined)}>Clear all</Button>
				<Words label="Search" placeholder="" value={words} onFind={setWords} />
				<output>{words ?? "all"}</output>
			</>
		);
	};
	render(<Page />);
	const field = await screen.findByRole("searchbox");
	await userEvent.type(field, "shoes");
	expect(await screen.findByText("shoes")).toBeVisible();
	await userEvent.click(screen.getByRole("button", { name: "The view of sales" }));
	expect(field).toHaveValue("sale");
	await userEvent.click(screen.getByRole("button", { name: "Clear all" }));
	expect(field).toHaveValue("");
	await userEvent.type(field, "shoes");
	expect(await screen.findByText("shoes")).toBeVisible();
	expect(field).toHaveValue("shoes");
});
