import {
	Alert,
	Badge,
	Button,
	Card,
	type CSSVariablesResolver,
	createTheme,
	defaultVariantColorsResolver,
	type MantineColorsTuple,
	parseThemeColor,
	Tabs,
	Tooltip,
	type VariantColorsResolver,
} from "@mantine/core";

const iris: MantineColorsTuple = [
	"#f0f1ff",
	"#dfe0fb",
	"#bcbdf2",
	"#9798e9",
	"#7778e2",
	"#6263de",
	"#5253d9",
	"#4344c4",
	"#3a3bb0",
	"#2f319b",
];

/** Cooler and deeper than Mantine's own. */
const dark: MantineColorsTuple = [
	"#e6e8ee",
	"#c3c7d1",
	"#a0a6b4",
	"#7b8292",
	"#3d4350",
	"#2a2f3a",
	"#1e222b",
	"#15181e",
	"#101317",
	"#0b0d11",
];

/** Mantine's `light` variant misses the 4.5:1 contrast for green and red: take the palette's ends instead. */
const variantColorResolver: VariantColorsResolver = (input) => {
	const colors = defaultVariantColorsResolver(input);
	const { isThemeColor, color } = parseThemeColor({ color: input.color, theme: input.theme });
	// What takes something away is red in both schemes.
	if (input.variant === "subtle" && input.color === "red") return { ...colors, color: "var(--bad)" };
	if (input.variant !== "light" || !isThemeColor) return colors;
	return {
		...colors,
		background: `color-mix(in srgb, var(--mantine-color-${color}-6) 14%, transparent)`,
		// Yellow has no dark end of its own.
		color: `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9), black ${color === "yellow" ? 42 : 18}%), var(--mantine-color-${color}-2))`,
	};
};

export const theme = createTheme({
	primaryColor: "iris",
	primaryShade: { light: 6, dark: 5 },
	colors: { iris, dark },
	fontFamily: "'Inter Variable', system-ui, sans-serif",
	headings: { fontWeight: "620", sizes: { h1: { fontSize: "1.375rem", lineHeight: "1.3" } } },
	defaultRadius: "md",
	cursorType: "pointer",
	respectReducedMotion: true,
	variantColorResolver,
	components: {
		Alert: Alert.extend({ styles: { label: { color: "var(--mantine-color-text)", fontWeight: 600 } } }),
		Card: Card.extend({ defaultProps: { withBorder: true, radius: "lg", padding: "lg" } }),
		Badge: Badge.extend({
			defaultProps: { variant: "light", radius: "sm" },
			styles: { root: { minWidth: "max-content" }, label: { textTransform: "none", fontWeight: 550 } },
		}),
		Button: Button.extend({ defaultProps: { fw: 550 } }),
		// Else the focus waits on an empty element among the items, which a menu may not have. By name: it is not needed at first.
		Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
		Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
		Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400 } }),
	},
});

/** The design tokens that Mantine does not know: used as `var(--good)` in CSS modules. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
	variables: { "--page-max": "1320px", "--panel": "max(45vw, 480px)" },
	light: {
		"--mantine-color-dimmed": "#646b78",
		"--mantine-color-error": "#c92a2a",
		"--mantine-color-default-border": "#e4e6eb",
		"--sidebar": "#f7f7f9",
		"--raised": "#ececf3",
		"--hover": "#f6f6fa",
		"--marked": "#eeeefb",
		"--good": "#237032",
		"--bad": "#b92c2c",
		"--warn": "#8a5300",
		"--evidence": "#fff0b8",
		"--tone-positive": "#2f9e6e",
		"--tone-neutral": "#a3a9b6",
		"--tone-negative": "#d9534a",
		"--tone-mixed": "#d99a2b",
		"--tone-unclear": "#d5d8df",
	},
	dark: {
		"--mantine-color-dimmed": "#a0a6b4",
		"--mantine-color-error": "#ff8787",
		"--mantine-color-anchor": "#a9aaf0",
		"--mantine-color-default-border": "#2a2f3a",
		"--sidebar": "#101317",
		"--raised": "#232833",
		"--hover": "#1a1e26",
		"--marked": "#232544",
		"--good": "#6fd08c",
		"--bad": "#ff8f8f",
		"--warn": "#f0b95c",
		"--evidence": "#574712",
		"--tone-positive": "#3fb581",
		"--tone-neutral": "#6b7282",
		"--tone-negative": "#e5675e",
		"--tone-mixed": "#d9a441",
		"--tone-unclear": "#3d4350",
	},
});
