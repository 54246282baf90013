"""Files and code of other tools that activate nothing: what scripts source or evaluate without a change for Python."""

from __future__ import annotations

import re

# Files that people source which activate nothing: profiles, settings, and set-up scripts of other tools.
SOURCED = re.compile(
    r"""(?:.*/)?(?:
        \.?(?:bash|zsh|k?sh|profile|zprofile)(?:rc|_profile|_aliases|env)? | \.profile | profile
      | \.?env(?:rc)?(?:\..*)? | .*\.env | cargo/env | environment | os-release | lsb-release
      | nvm\.sh | conda\.sh | mamba\.sh | micromamba\.sh | virtualenvwrapper(?:_lazy)?\.sh
      | asdf\.sh | sdkman-init\.sh | rvm
      | setup\.(?:ba|z|)sh | local_setup\.(?:ba|z|)sh | setvars\.sh | compilervars\.sh | vars\.sh | mpivars\.sh
      | thisroot\.sh | geant4\.sh
      | .*completion.* | functions | .*\.conf | \.?config | lib\.sh | colors?\.sh | log(?:ging|ger)?\.sh
      | messages?\.sh | variables?\.sh | version\.sh
    )""",
    re.VERBOSE,
)

# Words in the command whose output is evaluated.
EVALUATED = re.compile(
    r"conda|mamba|pyenv|direnv|ssh-agent|brew|rbenv|nodenv|starship|dircolors|lesspipe|keychain|completion"
    r"|register-python-argcomplete|opam|luarocks|fnm|zoxide|docker-machine|minikube|getopt|resize|thefuck|jenv"
    r"|cat |grep|sed|jq|printf|echo"
)

CSH_SETTINGS = re.compile(r"(?:.*/)?\.?(?:t?cshrc|login|cshdirs|aliases|alias)(?:\.t?csh)?")
# Scripts of other tools that put compilers and the like on PATH, and no Python.
BATCH_FILES = re.compile(
    r"(?i)(?:.*/)?(?:vcvars\w*|vsdevcmd|vsvars\d*|setvars|vars|compilervars|mklvars|emsdk_env|refreshenv|setenv|sdkman|nvm|npm|npx"
    r"|yarn|pnpm|node|mvn|mvnw|gradle|gradlew|ant|code|gem|ruby|cmake|sphinx-build|pyenv|scoop|choco|git|tsc|ng|az|gcloud|make)"
    r"(?:\.bat|\.cmd)?"
)
POWERSHELL_SCRIPTS = re.compile(
    r"(?i)(?:^|/)(?:profile|vcvars\w*|launch-vsdevshell|import-\w+|refreshenv|install-?\w*|get-\w+)\.ps1$|^\$?profile$"
)
POWERSHELL_CODE = re.compile(
    r"conda|mamba|pyenv|irm |iwr |invoke-webrequest|invoke-restmethod|downloadstring|oh-my-posh|starship|zoxide|choco"
    r"|scoop",
    re.IGNORECASE,
)
