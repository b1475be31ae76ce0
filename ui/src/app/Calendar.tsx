import "@mantine/dates/styles.layer.css";
import { DatePicker } from "@mantine/dates";
import { useState } from "react";
import { days, type Range } from "@/shared/range";

type Props = { range: Range; onChoose: (range: Range) => void };

/** Two days by hand. Loaded when the menu opens. */
export default function Calendar({ range, onChoose }: Props) {
	const shown = range.includes("..") ? days(range, "UTC") : undefined;
	const [value, setValue] = useState<[string | null, string | null]>([
		shown?.since ?? null,
		shown?.until ?? null,
	]);
	return (
		<DatePicker
			type="range"
			hideOutsideDates
			weekendDays={[]}
			size="sm"
			value={value}
			maxDate={new Date()}
			onChange={(chosen) => {
				setValue(chosen);
				if (chosen[0] && chosen[1]) onChoose(`${chosen[0]}..${chosen[1]}`);
			}}
			ariaLabels={{ previousMonth: "Previous month", nextMonth: "Next month" }}
		/>
	);
}
