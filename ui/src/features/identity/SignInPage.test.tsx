import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { SetupPage } from "./SetupPage";
import { SignInPage } from "./SignInPage";

afterEach(cleanup);

function answering(answers: Record<string, [number, unknown]>) {
	vi.stubGlobal("fetch", (request: Request) => {
		const [status, body] = answers[`${request.method} ${new URL(request.url).pathname}`] ?? [404, {}];
		const type = status < 400 ? "application/json" : "application/problem+json";
		return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": type } }));
	});
}

test("who opens a fresh installation is told where the link is that makes the administrator", async () => {
	answering({ "GET /api/setup": [200, { needed: true }] });
	render(<SignInPage onSignedIn={() => undefined} />);
	expect(await screen.findByText(/Open the one-time link/)).toBeTruthy();
	expect(screen.queryByRole("button", { name: "Sign in" })).toBeNull();
});

test("where there is an administrator people sign in", async () => {
	answering({ "GET /api/setup": [200, { needed: false }] });
	render(<SignInPage onSignedIn={() => undefined} />);
	expect(await screen.findByRole("button", { name: "Sign in" })).toBeTruthy();
});

test("a setup link that was used says how to come by another one", async () => {
	const problem = {
		title: "That setup link is not valid, or it was used.",
		status: 403,
		code: "identity/bad-setup-link",
	};
	answering({ "GET /api/setup": [200, { needed: true }], "POST /api/setup": [403, problem] });
	render(<SetupPage token="used" onSignedIn={() => undefined} />);
	const user = userEvent.setup();
	await user.type(await screen.findByLabelText("Your name"), "Ada");
	await user.type(screen.getByLabelText("E-mail"), "ada@northwind.example");
	await user.type(screen.getByLabelText(/^Password/), "correct horse battery");
	await user.type(screen.getByLabelText(/^Organization/), "Northwind");
	await user.click(screen.getByRole("button", { name: "Create the account" }));
	await waitFor(() =>
		expect(screen.getByRole("alert").textContent).toMatch(/used\. Starting brandhound again/),
	);
});
