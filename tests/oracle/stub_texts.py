"""The shell code of the scratch system: what stands in for installers, Python, sudo and the rest."""

from __future__ import annotations

# What an activate script does, in words of our own: a second activation undoes the first, `deactivate` removes itself.
ACTIVATE = """
deactivate () {
    if [ -n "${_OLD_VIRTUAL_PATH:-}" ]; then
        PATH=$_OLD_VIRTUAL_PATH
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    if [ -n "${_OLD_VIRTUAL_PYTHONHOME:-}" ]; then
        PYTHONHOME=$_OLD_VIRTUAL_PYTHONHOME
        export PYTHONHOME
        unset _OLD_VIRTUAL_PYTHONHOME
    fi
    hash -r 2>/dev/null
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    if [ "${1:-}" != nondestructive ]; then
        unset -f deactivate
    fi
}
deactivate nondestructive
VIRTUAL_ENV=$_oracle_environment
export VIRTUAL_ENV
unset _oracle_environment
_OLD_VIRTUAL_PATH=$PATH
PATH=$VIRTUAL_ENV/bin:$PATH
export PATH
hash -r 2>/dev/null
"""

# A login shell reads /etc/profile, which sets PATH anew on some systems and leaves it alone on others. In bash itself,
# so that exported functions pass through.
BASH = r"""#!@BASH@
root=@ROOT@
login() {
    read -r bits <"$root/bits"
    printf '%s\n' "${bits#?}" >"$root/bits"
    printf 'draw c\n' >>"$root/log"
    case $bits in 1*) ;; *) PATH=$root/usr/local/bin:$root/usr/bin:$root/bin; export PATH ;; esac
}
case ${1:-} in
    --login | -l) shift; login ;;
    -[a-z]*l* | -l[a-z]*) login; flags=${1%%l*}${1#*l}; shift; set -- "$flags" "$@" ;;
esac
exec @BASH@ "$@"
"""

# One file behind all other names; $0 tells which, and from which directory PATH took it.
STUB = r"""#!@DASH@
root=@ROOT@
base=$root/usr/local/bin:$root/usr/bin:$root/bin
name=${0##*/}
case $0 in
    /*) here=${0%/*} ;;
    */*) here=$PWD/${0%/*} ;;
    *) here=$PWD ;;
esac
draw() {  # the next bit: 0 or 1, and 0 when none is left
    read -r bits <"$root/bits"
    printf '%s\n' "${bits#?}" >"$root/bits"
    printf 'draw %s\n' "$1" >>"$root/log"
    case $bits in 1*) bit=1 ;; *) bit=0 ;; esac
}
place() {  # of an interpreter's directory
    if [ -e "$1/../pyvenv.cfg" ]; then where=environment; else where=global; fi
}
chosen() {  # by --python: an environment, or an interpreter in one
    if [ -d "$1" ]; then place "$1/bin"; else place "${1%/*}"; fi
}
sound() {  # an entry of PATH that isn't there is outside of the claim, as a failing activation is
    IFS=:
    for entry in $PATH; do
        [ -d "$entry" ] || printf 'broken\n' >>"$root/log"
    done
    unset IFS
}
pip() {
    sound
    verb= skip= tags= where=${where:-}
    [ -n "$where" ] || place "$here"
    [ -z "$PIP_TARGET" ] || where=directory
    [ -z "$PIP_DRY_RUN" ] || skip=1
    careful=$PIP_REQUIRE_VIRTUALENV
    while [ $# -gt 0 ]; do
        case $1 in
            --python) shift; chosen "$1" ;;
            --python=*) chosen "${1#--python=}" ;;
            -t | --target | --prefix | --root) shift; where=directory ;;
            -t* | --target=* | --prefix=* | --root=*) where=directory ;;
            --dry-run) skip=1 ;;
            --require-virtualenv) careful=1 ;;
            -r | -c | -i | --index-url | --timeout | --retries | --log | --cache-dir) shift ;;
            -*) ;;
            tag*) tags="$tags $1" ;;
            *) [ -n "$verb" ] || verb=$1 ;;
        esac
        shift
    done
    [ "$verb" = install ] || skip=1
    if [ -n "$careful" ] && [ "$where" = global ]; then exit 3; fi
    [ -z "$tags$skip" ] && exit 1
    [ -z "$skip" ] || tags=
    for tag in $tags; do printf 'land %s %s\n' "$tag" "$where" >>"$root/log"; done
    draw p
    exit "$bit"
}
create() {
    PATH=$root/real:$base
    for directory; do :; done
    case $directory in /*) ;; *) directory=$PWD/$directory ;; esac
    mkdir -p "${directory%/*}"
    [ -d "$directory" ] || cp -a "$root/template" "$directory"
    { printf '_oracle_environment=%s\n' "$directory"; cat "$root/activate"; } >"$directory/bin/activate"
    draw p
    exit "$bit"
}
python() {
    while [ $# -gt 0 ]; do
        case $1 in
            -m | -[A-Za-z]m)
                module=$2
                shift 2
                case $module in
                    pip) pip "$@" ;;
                    venv | virtualenv) create "$@" ;;
                    easy_install) verb=install; pip install "$@" ;;
                esac
                exit 0 ;;
            -c)
                case $2 in
                    *prefix*==*prefix*) place "$here"; [ "$where" = environment ]; exit ;;
                    *prefix*!=*prefix*) place "$here"; [ "$where" = global ]; exit ;;
                esac
                exit 0 ;;
            -*) shift ;;
            *) exit 0 ;;
        esac
    done
    exit 0
}
case $name in
    pip*) pip "$@" ;;
    python*) python "$@" ;;
    easy_install) pip install "$@" ;;
    virtualenv) create "$@" ;;
    coin) draw c; exit "$bit" ;;
    draw)  # nothing, "a", "b" or "a b"
        draw c; first=$bit; draw c
        case $first$bit in 00) echo a ;; 01) echo b ;; 10) ;; 11) echo a b ;; esac ;;
    number) draw c; first=$bit; draw c; echo $((first + bit)) ;;
    env)
        case ${1:-} in
            -i | -) shift; exec @ENV@ -i PATH="$base" HOME="$HOME" "$@" ;;
        esac
        exec @ENV@ "$@" ;;
    sudo | doas)
        while :; do
            case ${1:-} in
                -u | -g) shift 2 ;;
                --) shift; break ;;
                -*) shift ;;
                PATH=*) shift ;;
                [A-Z]*=*) export "${1?}"; shift ;;
                *) break ;;
            esac
        done
        unset VIRTUAL_ENV
        PATH=$base exec "$@" ;;
    su)
        command=
        while [ $# -gt 0 ]; do
            case $1 in
                - | -l | --login) PATH=$base; export PATH ;;
                -c) command=$2; shift ;;
            esac
            shift
        done
        exec @DASH@ -c "$command" ;;
    time)
        [ "$1" != -p ] || shift
        exec "$@" ;;
    cat | grep | ls | mkdir | tee)
        "$root/real/$name" "$@" || exit
        draw p
        exit "$bit" ;;
    which)
        command -v -- "$1" ;;
esac
"""
