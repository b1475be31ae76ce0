import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { readReportTemplateQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import type { TemplateOut } from "@/api/generated/types.gen";
import { render } from "@/test/render";
import { TemplatePanel } from "./TemplatePanel";

const kept = (version: number, name: string, blocks = ["findings"]) =>
	({
		id: "t",
		version,
		name,
		blocks: blocks.map((kind) => ({ kind })),
		schedules: 0,
	}) as unknown as TemplateOut;
const key = readReportTemplateQueryKey({ path: { template_id: "t" } });
let server: TemplateOut;
let based: number[];

beforeEach(() => {
	server = kept(1, "Board");
	based = [];
	vi.stubGlobal("fetch", async (request: Request) => {
		const json = (body: unknown, status = 200) =>
			new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
		if (request.method === "GET") return json(server);
		const { name, based_on } = await request.json();
		based.push(based_on);
		if (based_on !== server.version)
			return json(
				{ code: "reports/template-changed-meanwhile", title: "Changed meanwhile", status: 409 },
				409,
			);
		server = kept(server.version + 1, name);
		return json(server);
	});
});

async function panel() {
	const { queryClient } = render(
		<TemplatePanel id="t" onClose={() => {}} onDraft={() => {}} preview={null} />,
	);
	await waitFor(() => expect(field()).toHaveValue("Board"));
	const told = (template: TemplateOut) => {
		server = template;
		queryClient.setQueryData(key, template);
	};
	return { user: userEvent.setup(), told };
}
const field = () => screen.getByRole("textbox", { name: /^Name/ });

test("another's version is taken while nothing was changed", async () => {
	const { told } = await panel();
	told(kept(2, "Theirs"));
	await waitFor(() => expect(field()).toHaveValue("Theirs"));
	expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("what was changed stays when another saves, and can be saved on top", async () => {
	const { user, told } = await panel();
	await user.type(field(), " mine");
	told(kept(2, "Theirs"));
	await user.click(await screen.findByRole("button", { name: "Save on top" }));
	await waitFor(() => expect(server.name).toBe("Board mine"));
	expect(based).toEqual([2]);
	await waitFor(() => expect(screen.queryByRole("alert")).not.toBeInTheDocument());
	expect(field()).toHaveValue("Board mine");
	await user.type(field(), "!");
	await user.click(screen.getByRole("button", { name: "Save" }));
	await waitFor(() => expect(based).toEqual([2, 3]));
});

test("a save that came too late keeps what was written, and theirs can be had", async () => {
	const { user } = await panel();
	await user.type(field(), " mine");
	server = kept(2, "Theirs");
	await user.click(screen.getByRole("button", { name: "Save" }));
	const take = await screen.findByRole("button", { name: "Take theirs" });
	expect(field()).toHaveValue("Board mine");
	await user.click(take);
	expect(field()).toHaveValue("Theirs");
	expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});
