import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Moon, Sun } from "lucide-react";

export function ColorSchemeToggle() {
	const { setColorScheme } = useMantineColorScheme();
	const scheme = useComputedColorScheme("light");
	const other = scheme === "dark" ? "light" : "dark";
	return (
		<Tooltip label={`Switch to ${other}`}>
			<ActionIcon
				variant="subtle"
				color="gray"
				size="lg"
				aria-label={`Switch to ${other} colours`}
				onClick={() => setColorScheme(other)}
			>
				{scheme === "dark" ? <Sun size={18} strokeWidth={1.8} /> : <Moon size={18} strokeWidth={1.8} />}
			</ActionIcon>
		</Tooltip>
	);
}
