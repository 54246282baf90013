"""The shell code of the scratch system's less frequent tools: conda, uv, project managers, other machines."""

from __future__ import annotations

# Each stands in a file of its own, which the stub of that name reads: its functions and variables are at hand.
_CONDA = r"""
base_prefix=$HOME/miniconda3
prefix() {  # of an environment by its name or path
    case $1 in base | root) echo "$base_prefix" ;; */*) echo "$1" ;; *) echo "$base_prefix/envs/$1" ;; esac
}
verb=${1:-}
[ $# -eq 0 ] || shift
chosen=${CONDA_PREFIX:-$base_prefix} tags= file=
case $verb in
    run)
        while :; do
            case ${1:-} in
                -n | --name | -p | --prefix) chosen=$(prefix "$2"); shift 2 ;;
                -*) shift ;;
                *) break ;;
            esac
        done
        PATH=$chosen/bin:$PATH CONDA_PREFIX=$chosen exec "$@" ;;
    activate | deactivate) exit 1 ;;  # a program can't change the shell that calls it
    info) echo "$base_prefix" ;;
    shell.bash | shell.posix) echo ". $base_prefix/etc/profile.d/conda.sh" ;;
    install | update | upgrade)
        while [ $# -gt 0 ]; do
            case $1 in
                -n | --name | -p | --prefix) chosen=$(prefix "$2"); shift ;;
                --name=* | --prefix=*) chosen=$(prefix "${1#*=}") ;;
                -c | --channel) shift ;;
                --dry-run | -d) exit 0 ;;
                tag*) tags="$tags $1" ;;
            esac
            shift
        done
        place "$chosen/bin"
        landed ;;
esac
"""
# What conda's own set-up defines: a function that changes PATH where the environment before stood.
CONDA_FUNCTION = r"""
_oracle_swap() {  # one prefix for another in PATH, in its place
    _oracle_path=":$PATH:"
    case $_oracle_path in
        *":$1/bin:"*) _oracle_path="${_oracle_path%%":$1/bin:"*}:${2:+$2/bin:}${_oracle_path#*":$1/bin:"}" ;;
        *) _oracle_path=":${2:+$2/bin}$_oracle_path" ;;
    esac
    _oracle_path=${_oracle_path#:}
    PATH=${_oracle_path%:}
    export PATH
}
conda() {
    case ${1:-} in
        activate)
            shift
            case ${1:-base} in
                base | root) _oracle_prefix=@ROOT@/home/miniconda3 ;;
                */*) _oracle_prefix=$1 ;;
                *) _oracle_prefix=@ROOT@/home/miniconda3/envs/$1 ;;
            esac
            if [ ! -d "$_oracle_prefix" ]; then printf 'broken\n' >>@ROOT@/log; return 1; fi
            if [ -n "${CONDA_PREFIX:-}" ] && [ "${_oracle_stack%%|*}" = "$_oracle_prefix" ]; then
                _oracle_stack=${_oracle_stack#*|}
            elif [ "${CONDA_PREFIX:-}" != "$_oracle_prefix" ]; then
                _oracle_stack="${CONDA_PREFIX:-}|${_oracle_stack:-}"
            fi
            _oracle_swap "${CONDA_PREFIX:-}" "$_oracle_prefix"
            export CONDA_PREFIX="$_oracle_prefix" CONDA_DEFAULT_ENV="${1:-base}" ;;
        deactivate)
            [ -n "${CONDA_PREFIX:-}" ] || return 0
            _oracle_prefix=${_oracle_stack%%|*}
            _oracle_stack=${_oracle_stack#*|}
            _oracle_swap "$CONDA_PREFIX" "$_oracle_prefix"
            if [ -n "$_oracle_prefix" ]; then
                export CONDA_PREFIX="$_oracle_prefix"
            else
                unset CONDA_PREFIX CONDA_DEFAULT_ENV
            fi ;;
        *) command conda "$@" ;;
    esac
}
mamba() {
    case ${1:-} in
        activate | deactivate) conda "$@" ;;
        *) command mamba "$@" ;;
    esac
}
"""
# `source activate name`, the old way.
CONDA_ACTIVATE = CONDA_FUNCTION + 'conda activate "$@"\n'

_UV = r"""
system= tags= skip= target= verb= python=${UV_PYTHON:-}
! yes "$UV_SYSTEM_PYTHON" || system=1
while [ $# -gt 0 ]; do
    case $1 in
        --system) system=1 ;;
        -p | --python) shift; python=$1 ;;
        --python=*) python=${1#*=} ;;
        --target | --prefix) shift; target=1 ;;
        --dry-run) skip=1 ;;
        -r | -c | --index-url) shift ;;
        -*) ;;
        tag*) tags="$tags $1" ;;
        *) verb="$verb $1" ;;
    esac
    shift
done
case $verb in
    " venv"*) create "${verb# venv}" ;;
    " pip install" | " pip sync") ;;
    " add" | " tool install") where=environment; landed ;;
    *) exit 0 ;;
esac
nearest() {
    while [ -n "$1" ]; do
        [ ! -e "$1/.venv/pyvenv.cfg" ] || return 0
        set -- "${1%/*}"
    done
    return 1
}
where=
case $python in */*) chosen "$python" ;; esac
if [ -z "$where" ]; then
    if [ -n "$system" ]; then where=global
    elif [ -n "$VIRTUAL_ENV$CONDA_PREFIX" ] || nearest "$PWD"; then where=environment
    else refused
    fi
fi
[ -z "$target" ] || where=directory
[ -z "$skip" ] || tags=
landed
"""
_PIPENV = r"""
verb=${1:-}
[ $# -eq 0 ] || shift
system= tags= where=environment
case $verb in
    run) VIRTUAL_ENV=$root/home/.venvs/app PATH=$root/home/.venvs/app/bin:$PATH exec "$@" ;;
    shell) export VIRTUAL_ENV="$root/home/.venvs/app" PATH="$root/home/.venvs/app/bin:$PATH"; exec bash ;;
    install | update | sync | add) ;;
    config) case "$*" in *virtualenvs.create*false*) touch "$HOME/unisolated" ;; esac; exit 0 ;;
    *) exit 0 ;;
esac
! yes "$PIPENV_SYSTEM" || system=1
case $name-${POETRY_VIRTUALENVS_CREATE:-} in poetry-[Ff0]*) system=1 ;; esac
[ "$name" != poetry ] || [ ! -e "$HOME/unisolated" ] || system=1
for word; do
    case $word in --system) system=1 ;; tag*) tags="$tags $word" ;; esac
done
python=$(found python)
[ -z "$system" ] || place "${python%/*}"
landed
"""
_ELSEWHERE = r"""
case $1 in run | exec) shift ;; esac
while :; do
    case ${1:-} in
        -e | -v | -w | -u | -p | --name | --user) shift 2 ;;
        -*) shift ;;
        *) break ;;
    esac
done
shift  # the image, container or host
PATH=$base
[ $# -gt 0 ] || set -- sh
[ "$name" != ssh ] || set -- sh -c "$*"
exec env -i PIP_NO_INDEX=1 "$@"  # nothing of this machine's variables is there
"""
_WATCH = r"""
while :; do
    case ${1:-} in -n | -j | --interval | --jobs) shift 2 ;; -*) shift ;; *) break ;; esac
done
[ "$name" = parallel ] || exec sh -c "$*"
command=
while [ $# -gt 0 ] && [ "$1" != ::: ]; do command="$command $1"; shift; done
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(tr '\n' ' ')
for word; do
    case $command in *"{}"*) sh -c "${command%%"{}"*}$word${command#*"{}"}" ;; *) sh -c "$command $word" ;; esac
done
"""
_PY = r"""
case ${1:-} in
    -[0-9]*) shift; PATH=$base exec python3 "$@" ;;
esac
exec python3 "$@"
"""
TOOLS = {
    "conda": _CONDA,
    "docker": _ELSEWHERE,
    "mamba": _CONDA,
    "parallel": _WATCH,
    "pipenv": _PIPENV,
    "poetry": _PIPENV,
    "py": _PY,
    "ssh": _ELSEWHERE,
    "uv": _UV,
    "watch": _WATCH,
}
