import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SecretField } from "@/shared/SecretField";
import { render as renderApp } from "@/test/render";
import { keepFocus } from "./keepingFocus";

let end: () => void;
beforeEach(() => {
	end = keepFocus();
});
afterEach(() => end());

function Form({ answer = Promise.resolve(["mail"]) }: { answer?: Promise<string[]> }) {
	const [wrong, setWrong] = useState<string[]>([]);
	const field = (name: string) => (
		<>
			<input
				aria-label={name}
				aria-invalid={wrong.includes(name) || undefined}
				aria-describedby={wrong.includes(name) ? `${name}-error` : undefined}
			/>
			{wrong.includes(name) && <p id={`${name}-error`}>Not this {name}</p>}
		</>
	);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				void answer.then(setWrong);
			}}
		>
			{field("name")}
			{field("mail")}
			<button type="submit">Send</button>
		</form>
	);
}

test("the first wrong field of a form has the focus once it was sent", async () => {
	render(<Form answer={Promise.resolve(["name", "mail"])} />);
	await userEvent.click(screen.getByRole("button"));
	await waitFor(() => expect(screen.getByLabelText("name")).toHaveFocus());
});

test("a field that was found wrong by the server has the focus, unless one went on elsewhere", async () => {
	let tell = (_: string[]) => {};
	const answer = new Promise<string[]>((resolve) => {
		tell = resolve;
	});
	render(<Form answer={answer} />);
	await userEvent.click(screen.getByRole("button"));
	await userEvent.click(screen.getByLabelText("name"));
	tell(["mail"]);
	await screen.findByText("Not this mail");
	expect(screen.getByLabelText("name")).toHaveFocus();
});

test("what is wrong with the field that has the focus already is read out", async () => {
	render(<Form />);
	screen.getByLabelText("mail").focus();
	await userEvent.keyboard("{Enter}");
	await waitFor(() => expect(document.querySelector("[aria-live]")).toHaveTextContent("Not this mail"));
	await userEvent.keyboard("a");
	expect(document.querySelector("[aria-live]")).toBeEmptyDOMElement();
});

test("a button that works for a while has the focus back, unless one went on elsewhere", async () => {
	render(
		<>
			<button type="button">Save</button>
			<button type="button">Other</button>
		</>,
	);
	const save = screen.getByText<HTMLButtonElement>("Save");
	const works = () => {
		save.focus();
		save.disabled = true;
		// jsdom leaves the focus where it is, a browser does not.
		fireEvent.focusOut(save);
		HTMLElement.prototype.blur.call(save);
	};
	works();
	expect(document.body).toHaveFocus();
	save.disabled = false;
	await waitFor(() => expect(save).toHaveFocus());
	works();
	screen.getByText("Other").focus();
	save.disabled = false;
	await new Promise((resolve) => setTimeout(resolve));
	expect(screen.getByText("Other")).toHaveFocus();
});

test("a password is shown by keyboard, and says that it is wrong", async () => {
	renderApp(<SecretField label="Password" error="At least ten characters" />);
	const field = await screen.findByLabelText("Password");
	expect(field).toBeInvalid();
	expect(field).toHaveAccessibleDescription("At least ten characters");
	await userEvent.tab();
	await userEvent.tab();
	expect(screen.getByRole("button", { name: "Show the password" })).toHaveFocus();
	await userEvent.keyboard("{Enter}");
	expect(field).toHaveAttribute("type", "text");
});
