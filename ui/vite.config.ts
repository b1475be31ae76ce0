import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.BRANDHOUND_URL ?? "http://127.0.0.1:8321";

export default defineConfig({
	plugins: [tanstackRouter({ target: "react", autoCodeSplitting: true }), react()],
	resolve: { tsconfigPaths: true },
	build: {
		outDir: "../src/brandhound/app/static",
		emptyOutDir: true,
		reportCompressedSize: true,
		// Browsers of 2024 on. Older targets make Lightning CSS rewrite light-dark(), which Mantine's colour schemes do not survive.
		target: ["chrome125", "firefox128", "safari17.5"],
	},
	server: { proxy: { "/api": server } },
	test: {
		environment: "jsdom",
		setupFiles: "src/test/setup.ts",
		css: false,
		testTimeout: 60_000,
		include: ["src/**/*.test.{ts,tsx}"],
	},
});
