import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { render } from "@/test/render";
import { YesNo } from "./YesNo";

test("what takes a word back is drawn in the color of the word", async () => {
	render(<YesNo said="yes" about="Batteries" onSay={() => {}} />);
	const back = await screen.findByRole("button", { name: "Take it back: Batteries" });
	expect(back.style.color).toBe("inherit");
});
