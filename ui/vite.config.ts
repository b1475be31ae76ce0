import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env.BRANDHOUND_URL ?? "http://127.0.0.1:8321";

export default defineConfig({
	plugins: [tanstackRouter({ target: "react", autoCodeSplitting: true }), react(), asksForTheFontAtOnce()],
	resolve: { tsconfigPaths: true },
	build: {
		outDir: "../src/brandhound/app/static",
		emptyOutDir: true,
		reportCompressedSize: true,
		chunkSizeWarningLimit: 600,
		// Browsers of 2024 on. Older targets make Lightning CSS rewrite light-dark(), which Mantine's colour schemes do not survive.
		target: ["chrome125", "firefox128", "safari17.5"],
		// A browser has six connections: fifty small files of one screen wait for each other longer than they take.
		rolldownOptions: {
			output: {
				codeSplitting: {
					groups: [
						{ name: "start", tags: ["$initial"], priority: 2 },
						// Shared by all forms, and by nothing that is seen at first.
						{ name: "forms", test: /node_modules\/(@mantine\/form|klona|fast-deep-equal)\//, priority: 1 },
						{ name: "common", minShareCount: 15, priority: 0 },
					],
				},
			},
		},
	},
	server: { proxy: { "/api": server, "/errors": server } },
	test: {
		environment: "jsdom",
		setupFiles: "src/test/setup.ts",
		css: false,
		testTimeout: 60_000,
		include: ["src/**/*.test.{ts,tsx}"],
	},
});

/** The font is found in the style sheet only, after everything else has been waited for. */
function asksForTheFontAtOnce(): Plugin {
	return {
		name: "asks-for-the-font-at-once",
		transformIndexHtml: {
			order: "post",
			handler: (_, { bundle }) =>
				Object.keys(bundle ?? {})
					.filter((file) => /inter-latin-wght-normal.*\.woff2$/.test(file))
					.map((file) => ({
						tag: "link",
						attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `/${file}` },
						injectTo: "head",
					})),
		},
	};
}
