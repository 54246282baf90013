"""PowerShell: scenarios with the places where their installs land.

Variables of the environment are the process's, whatever scope or script block sets them (about_Environment_Variables), so an
activation lasts however it's called; PowerShell's own variables belong to their scope (about_Scopes).
"""

from __future__ import annotations

import pytest

from tests.shell_tables import case, landings

SCENARIOS = [
    # Activation: https://docs.python.org/3/library/venv.html#how-venvs-work
    case("pip install a", "a global", "nothing is active"),
    case(".\\.venv\\Scripts\\Activate.ps1\npip install a", "a isolated", "called plainly"),
    case(". .\\.venv\\Scripts\\Activate.ps1\npip install a", "a isolated", "dot-sourced"),
    case("& .\\.venv\\Scripts\\Activate.ps1\npip install a", "a isolated", "by the call operator"),
    case('& "$PSScriptRoot\\.venv\\Scripts\\Activate.ps1"\npip install a', "a isolated", "beside the script"),
    case(".venv/bin/Activate.ps1\npip install a", "a isolated", "on Unix"),
    case(".venv\\Scripts\\activate\npip install a", "a isolated", "without its ending"),
    case(".VENV\\SCRIPTS\\ACTIVATE.PS1\nPIP.EXE install a", "a isolated", "cases are all one"),
    case(".venv\\Scripts\\Activate.ps1; pip install a", "a isolated", "two commands on a line"),
    case(".venv\\Scripts\\Activate.ps1 && pip install a", "a isolated", "the second if the first succeeds"),
    case(".venv\\Scripts\\Activate.ps1\ndeactivate\npip install a", "a global", "deactivated again"),
    case("cd .venv\\Scripts\n.\\Activate.ps1\npip install a", "a isolated", "from the directory that it stands in"),
    case("$activate = Join-Path $PSScriptRoot '.venv\\Scripts\\Activate.ps1'\n. $activate\npip install a", "a isolated", "a path in a variable"),
    case("conda activate ml\npip install a", "a isolated", "conda"),
    case("conda activate\npip install a", "a global", "conda's base"),
    case("conda activate ml\nconda deactivate\npip install a", "a global", "conda, deactivated"),
    case(".venv\\Scripts\\activate.bat\npip install a", "a global", "the script of cmd"),
    case("source .venv/bin/activate\npip install a", "a global", "PowerShell has no source"),
    case("cmd /c .venv\\Scripts\\activate.bat\npip install a", "a global", "activated in a cmd"),
    case("powershell -File .venv\\Scripts\\Activate.ps1\npip install a", "a global", "activated in another PowerShell"),
    case("Start-Process .venv\\Scripts\\Activate.ps1\npip install a", "a global", "activated in a process of its own"),
    # The environment's variables
    case('$env:PATH = "$PWD\\.venv\\Scripts;$env:PATH"\npip install a', "a isolated", "PATH in front"),
    case('$env:Path = ".venv\\Scripts;" + $env:Path\npip install a', "a isolated", "PATH in front, put together"),
    case('$Env:PATH += ";C:\\tools\\venv\\Scripts"\npip install a', "a global", "PATH at the end does nothing"),
    case('$env:PATH = "{0}\\Scripts;{1}" -f ".venv", $env:PATH\npip install a', "a isolated", "PATH by format"),
    case('${env:PATH} = ".venv\\Scripts;${env:PATH}"\npip install a', "a isolated", "in braces"),
    case('Set-Item Env:PATH ".venv\\Scripts;$env:PATH"\npip install a', "a isolated", "by its drive"),
    case('[Environment]::SetEnvironmentVariable("PATH", ".venv\\Scripts;$env:PATH", "Process")\npip install a', "a isolated", "by .NET"),
    case('[Environment]::SetEnvironmentVariable("PATH", ".venv\\Scripts;$env:PATH", "User")\npip install a', "a global", "for later processes only"),
    case('$env:VIRTUAL_ENV = "$PWD\\.venv"\npip install a', "a global", "VIRTUAL_ENV alone does nothing"),
    case('$env:PIP_REQUIRE_VIRTUALENV = "1"\npip install a', "a isolated", "pip is told to refuse"),
    case("$old = $env:PATH\n.venv\\Scripts\\Activate.ps1\n$env:PATH = $old\npip install a", "a global", "PATH put back"),
    # Scope
    case("& { .venv\\Scripts\\Activate.ps1 }\npip install a", "a isolated", "an activation in a script block lasts"),
    case("function Enter { .venv\\Scripts\\Activate.ps1 }\nEnter\npip install a", "a isolated", "one in a function lasts"),
    case("function Enter { .venv\\Scripts\\Activate.ps1 }\npip install a", "a global", "a function that nobody calls"),
    case(".venv\\Scripts\\Activate.ps1 | Out-Null\npip install a", "a isolated", "a pipeline is no process of its own"),
    case("$null = . .venv\\Scripts\\Activate.ps1\npip install a", "a isolated", "nor is an assignment"),
    case("Start-Job { .venv\\Scripts\\Activate.ps1 }\npip install a", "a global", "a job is"),
    case(".venv\\Scripts\\Activate.ps1\nStart-Job { pip install a }", "a isolated", "and inherits"),
    case("powershell -Command { .venv\\Scripts\\Activate.ps1; pip install a }\npip install b", "a isolated, b global", "another PowerShell's block"),
    case('pwsh -NoProfile -c ".venv/bin/Activate.ps1; pip install a"\npip install b', "a isolated, b global", "another PowerShell's text"),
    case("$pip = 'pip'\nfunction Get { $pip = '.venv\\Scripts\\pip' }\nGet\n& $pip install a", "a global", "a function's variables are its own"),
    case("$pip = 'pip'\nfunction Get { $script:pip = '.venv\\Scripts\\pip' }\nGet\n& $pip install a", "a isolated", "unless it says otherwise"),
    case("function Add($name) { pip install $name }\nAdd a", "a global", "a function's argument"),
    case("function Add { param([string]$Name, [switch]$Quiet) pip install $Name }\nAdd -Quiet -Name a", "a global", "a function's argument by name"),
    case("function Add { pip install @args }\nAdd a", "a global", "all of a function's arguments"),
    case("function Never { pip install a }", "a mixed", "an install in a function that nobody calls"),
    case("function pip { & .venv\\Scripts\\pip.exe @args }\npip install a", "a isolated", "a function by pip's name"),
    case("Set-Alias pip .venv\\Scripts\\pip.exe\npip install a", "a isolated", "an alias"),
    case("New-Alias -Name p -Value pip\np install a", "a global", "an alias of pip"),
    # Branches
    case("if (-not (Test-Path .venv)) { python -m venv .venv }\n.venv\\Scripts\\Activate.ps1\npip install a", "a isolated", "made where it is missing"),
    case("if (Test-Path .venv) { .venv\\Scripts\\Activate.ps1 }\npip install a", "a mixed", "one branch activates"),
    case("if (Test-Path .venv) { .venv\\Scripts\\Activate.ps1 } else { venv\\Scripts\\Activate.ps1 }\npip install a", "a isolated", "both branches do"),
    case("if (!(Test-Path .venv)) { throw 'no' }\n.venv\\Scripts\\Activate.ps1\npip install a", "a isolated", "the other one throws"),
    case("if ($x) { .venv\\Scripts\\Activate.ps1 } elseif ($y) { exit 1 } else { return }\npip install a", "a isolated", "the others leave"),
    case("if (-not $env:VIRTUAL_ENV) { Write-Error 'activate first'; exit 1 }\npip install a", "a isolated", "a guard"),
    case("if ($null -eq $env:VIRTUAL_ENV) { exit 1 }\npip install a", "a isolated", "a guard by comparison with nothing"),
    case("if ([string]::IsNullOrEmpty($env:VIRTUAL_ENV)) { exit 1 }\npip install a", "a isolated", "a guard by .NET"),
    case("if (-not (Test-Path Env:VIRTUAL_ENV)) { exit 1 }\npip install a", "a isolated", "a guard by the drive"),
    case("if (!$env:VIRTUAL_ENV -and !$env:CI) { exit 1 }\npip install a", "a global", "half a guard"),
    case("if ($LASTEXITCODE -ne 0) { exit 1 }\npip install a", "a global", "a branch that leaves"),
    case("if ($true) { .venv\\Scripts\\Activate.ps1 }\npip install a", "a isolated", "a condition that holds"),
    case("if ('a' -eq 'b') { .venv\\Scripts\\Activate.ps1 }\npip install a", "a global", "one that doesn't"),
    case("switch ($x) { 'a' { .venv\\Scripts\\Activate.ps1 } default { exit } }\npip install a", "a isolated", "a switch"),
    case("switch ($x) {\n  'a' { .venv\\Scripts\\Activate.ps1 }\n  'b' { pip install b }\n}\npip install a", "b global, a mixed", "a switch without default"),
    case("try { .venv\\Scripts\\Activate.ps1 } catch { exit 1 }\npip install a", "a isolated", "a handler that leaves"),
    case("try { .venv\\Scripts\\Activate.ps1 } catch { Write-Host 'none' }\npip install a", "a mixed", "a handler that goes on"),
    case("try { pip install a } catch { pip install b } finally { pip install c }", "a global, b global, c global", "each part of a try"),
    case("pip install a || exit 1\npip install b", "a global, b global", "or leave"),
    case("exit\npip install a", "", "behind exit"),
    case("return\npip install a", "", "behind return"),
    # Loops
    case("foreach ($p in 'a', 'b') { pip install $p }", "a b global", "over words"),
    case("foreach ($p in @('a', 'b')) { pip install $p }", "a b global", "over a list"),
    case("$list = 'a', 'b'\nforeach ($p in $list) { pip install $p }", "a b global", "over a variable's list"),
    case("'a', 'b' | ForEach-Object { pip install $_ }", "a b global", "over a pipeline"),
    case("Get-ChildItem *.whl | % { pip install a }", "a global", "over what nobody knows"),
    case("while ($true) { .venv\\Scripts\\Activate.ps1; break }\npip install a", "a isolated", "a loop that is left"),
    case("do { .venv\\Scripts\\Activate.ps1 } while ($x)\npip install a", "a isolated", "a loop that runs once at least"),
    case("for ($i = 0; $i -lt 2; $i++) { pip install a }", "a global", "a loop that counts"),
    case("Get-Content x | Where-Object { $_ } | ForEach-Object { pip install a }", "a global", "a long pipeline"),
    # Words
    case('& "$PSScriptRoot\\.venv\\Scripts\\pip.exe" install a', "a isolated", "an environment's pip"),
    case(".venv\\Scripts\\python.exe -m pip install a", "a isolated", "an environment's Python"),
    case('$venv = Join-Path $PSScriptRoot ".venv"\n$py = Join-Path $venv "Scripts\\python.exe"\n& $py -m pip install a', "a isolated", "joined paths"),
    case("& (Join-Path $venv 'Scripts\\pip.exe') install a", "a isolated", "a joined path called at once"),
    case('$py = "$venv/bin/python"\n& $py -m pip install a', "a isolated", "an unknown environment's"),
    case('$py = if ($IsWindows) { ".venv\\Scripts\\python" } else { ".venv/bin/python" }\n& $py -m pip install a', "a isolated", "a variable by branches"),
    case("param([string]$Venv = '.venv')\n& \"$Venv\\Scripts\\Activate.ps1\"\npip install a", "a isolated", "a parameter's default"),
    case("$cmd = 'install', 'a'\npip @cmd", "a global", "a list spread over the arguments"),
    case("$packages = @('a', 'b')\npip install $packages", "a b global", "a list as arguments"),
    case("$packages = @('a')\n$packages += 'b'\npip install $packages", "a b global", "a list that grows"),
    case("pip install `\n  a `\n  b", "a b global", "continued lines"),
    case("pip install --target=$dir a", "a isolated", "an option with a variable"),
    case("pip install --target \"$PSScriptRoot\\lib\" a", "a isolated", "a directory"),
    case("pip install 'a' \"b\"", "a b global", "quotes"),
    case("py -3.11 -m pip install a", "a global", "the launcher with a version"),
    case(".venv\\Scripts\\Activate.ps1\npy -m pip install a", "a isolated", "the launcher, with an environment active"),
    case("C:\\Python311\\python.exe -m pip install a", "a global", "a Python of all"),
    case("Start-Process pip -ArgumentList 'install', 'a' -Wait", "a global", "a process with a list of arguments"),
    case("Start-Process -FilePath python -ArgumentList \"-m pip install a\" -NoNewWindow", "a global", "a process with a line of arguments"),
    case("Invoke-Expression 'pip install a'", "a global", "code in a string"),
    case("$code = 'pip install a'\niex $code", "a global", "code in a variable"),
    case("cmd /c \"pip install a\"", "a global", "cmd"),
    case("cmd /c \".venv\\Scripts\\activate.bat && pip install a\"", "a isolated", "cmd with an activation"),
    case("bash -c 'pip install a'", "a global", "bash"),
    case("wsl pip install a", "a global", "the Linux of Windows"),
    case("$out = pip install a 2>&1", "a global", "output in a variable"),
    case("$out = (pip install a) -join ''", "a global", "output in an expression"),
    case("[void](pip install a)", "a global", "output thrown away"),
    case("pip install a | Out-Null", "a global", "output piped away"),
    case("if ((pip install a) -match 'x') { }", "a global", "an install in a condition"),
    case("Write-Host 'pip install a'", "", "text that is printed"),
    case("'pip install a'", "", "a string"),
    case("@'\npip install a\n'@ | Set-Content x.sh", "", "a here-string"),
    case("# pip install a\n<#\npip install b\n#>", "", "comments"),
    case("$code = { pip install a }\n& $code", "a global", "a block in a variable, called"),
    case("$code = { .venv\\Scripts\\Activate.ps1 }\n. $code\npip install a", "a isolated", "a block in a variable that activates"),
    case("$args = @('-m', 'pip', 'install', 'a')\n& python $args", "a global", "arguments put together"),
    case("$ErrorActionPreference = 'Stop'\npip install --user a", "a global", "the user's site"),
    case("uv venv\nuv pip install a", "a isolated", "uv"),
    case("pip install a\r\nif ($x) {\r\n  pip install b\r\n}\r\n", "a global, b global", "line ends of Windows"),
    case("if ($x) {\n  pip install a\n", "a global", "a brace that nobody closes"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), SCENARIOS)
def test_scenario(script: str, expected: str) -> None:
    assert landings("setup.ps1", script) == expected


def test_a_script_of_the_repository() -> None:
    others = {
        "tools/common.ps1": "& $PSScriptRoot/../.venv/Scripts/Activate.ps1\nfunction Add($n) { pip install $n }\n"
    }
    assert landings("tools/setup.ps1", '. "$PSScriptRoot\\common.ps1"\npip install a', others) == "a isolated"
    assert landings("tools/setup.ps1", ".\\common.ps1\npip install a", others) == "a isolated"
    assert landings("tools/setup.ps1", ". .\\elsewhere.ps1\npip install a", others) == "a unknown"
