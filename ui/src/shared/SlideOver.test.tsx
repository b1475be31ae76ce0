import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { PanelForm, SlideOver, usePanel } from "./SlideOver";

const left = vi.fn();

function Form() {
	const [text, setText] = useState("");
	const { done } = usePanel();
	return (
		<PanelForm
			dirty={text !== ""}
			saving={false}
			onSubmit={(event) => {
				event.preventDefault();
				done();
			}}
		>
			<label>
				Name <input value={text} onChange={(event) => setText(event.currentTarget.value)} />
			</label>
		</PanelForm>
	);
}

async function panel() {
	left.mockReset();
	const user = userEvent.setup();
	const { router } = render(
		<main>
			<p>The page beside it</p>
			<button type="button" data-row="2">
				Another row
			</button>
			<SlideOver title="A brand" onClose={() => void left(router.navigate({ to: "/elsewhere" as never }))}>
				<Form />
			</SlideOver>
		</main>,
	);
	await screen.findByRole("dialog", { name: "A brand" });
	return user;
}

test.each([
	["Esc", (user: ReturnType<typeof userEvent.setup>) => user.keyboard("{Escape}")],
	["a click beside it", (user) => user.click(screen.getByText("The page beside it"))],
	["Cancel", (user) => user.click(screen.getByRole("button", { name: "Cancel" }))],
] as [string, (user: ReturnType<typeof userEvent.setup>) => Promise<void>][])(
	"%s closes the panel",
	async (_, way) => {
		await way(await panel());
		await waitFor(() => expect(screen.getByText("Elsewhere")).toBeVisible());
	},
);

test("a click on another row is that row's own", async () => {
	const user = await panel();
	await user.click(screen.getByText("Another row"));
	expect(left).not.toHaveBeenCalled();
});

test("unsaved changes ask first, and stay when one keeps editing", async () => {
	const user = await panel();
	await user.type(screen.getByLabelText("Name"), "Acme");
	await user.keyboard("{Escape}");
	await user.click(await screen.findByRole("button", { name: "Keep editing" }));
	expect(screen.getByLabelText("Name")).toHaveValue("Acme");
	await user.keyboard("{Escape}");
	await user.click(await screen.findByRole("button", { name: "Discard changes" }));
	await waitFor(() => expect(screen.getByText("Elsewhere")).toBeVisible());
});

test("saving leaves without asking", async () => {
	const user = await panel();
	await user.type(screen.getByLabelText("Name"), "Acme");
	await user.click(screen.getByRole("button", { name: "Save" }));
	await waitFor(() => expect(screen.getByText("Elsewhere")).toBeVisible());
});

function Refused() {
	const [error, setError] = useState(false);
	return (
		<PanelForm
			dirty={false}
			saving={false}
			onSubmit={(event) => {
				event.preventDefault();
				setError(true);
			}}
		>
			{error && <p role="alert">That name is taken</p>}
			<p>A long form</p>
		</PanelForm>
	);
}

test("what is wrong with a form that was sent comes into view", async () => {
	const shown = vi.fn();
	Element.prototype.scrollIntoView = function () {
		shown(this.textContent);
	};
	const user = userEvent.setup();
	render(
		<SlideOver title="A brand" onClose={() => undefined}>
			<Refused />
		</SlideOver>,
	);
	await screen.findByText("A long form");
	await user.click(screen.getAllByRole("button", { name: "Save" }).at(-1) as HTMLElement);
	await waitFor(() => expect(shown).toHaveBeenCalledWith("That name is taken"));
});
