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
exec -a bash @BASH@ "$@"
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
chosen() {  # by --python: an environment, or an interpreter in one; what isn't there is outside of the claim
    [ -e "$1" ] || printf 'broken\n' >>"$root/log"
    if [ -d "$1" ]; then place "$1/bin"; else place "${1%/*}"; fi
}
sound() {  # an entry of PATH that isn't there is outside of the claim, as a failing activation is
    IFS=:
    for entry in $PATH; do
        [ -d "${entry:-.}" ] || printf 'broken\n' >>"$root/log"
    done
    unset IFS
}
yes() {  # a variable's value, read as pip does
    case $1 in 1 | [Yy] | [Yy]es | [Tt] | [Tt]rue | TRUE | [Oo]n) ;; *) return 1 ;; esac
}
into() {  # a directory by --prefix or --root: the system's own is no directory like others
    case $1 in "$root/usr" | "$root/usr/local") prefix=global ;; *) prefix=directory ;; esac
}
pip() {
    sound
    verb= skip= tags= user= careful= target= prefix= where=${where:-}
    [ -n "$where" ] || place "$here"
    case " $* " in
        *" --isolated "*) ;;
        *)
            [ -z "$PIP_PYTHON" ] || chosen "$PIP_PYTHON"
            for directory in "$PIP_PREFIX" "$PIP_ROOT"; do [ -z "$directory" ] || into "$directory"; done
            [ -z "$PIP_TARGET" ] || target=directory
            ! yes "$PIP_DRY_RUN" || skip=1
            ! yes "$PIP_USER" || user=1
            ! yes "$PIP_REQUIRE_VIRTUALENV" || careful=1 ;;
    esac
    while [ $# -gt 0 ]; do
        case $1 in
            --python) shift; chosen "$1" ;;
            --python=*) chosen "${1#--python=}" ;;
            -t | -[Uq]t | --target | --targ) shift; target=directory ;;
            -t* | --target=* | --targ=*) target=directory ;;
            --prefix | --pref | --root) shift; into "$1" ;;
            --prefix=* | --pref=* | --root=*) into "${1#*=}" ;;
            --user) user=1 ;;
            --no-user) user= ;;
            --dry*) skip=1 ;;
            --require-v*) careful=1 ;;
            -r | -c | -i | --index-url | --index-u | --timeout | --retries | --log | --cache-dir | --proxy) shift ;;
            -*) ;;
            tag*) tags="$tags $1" ;;
            *) [ -n "$verb" ] || verb=$1 ;;
        esac
        shift
    done
    [ "$verb" = install ] || skip=1
    target=${target:-$prefix}  # pip prefers the former
    [ -z "$skip" ] || tags=
    if [ -n "$careful" ] && [ "$where" = global ]; then refused; fi
    if [ -n "$user" ] && [ "$where$target" != global ]; then refused; fi
    where=${target:-$where}
    [ -z "$tags$skip" ] && exit 1
    landed
}
easy_install() {  # which doesn't read pip's variables
    sound
    place "$here"
    tags=
    for word; do case $word in tag*) tags="$tags $word" ;; esac; done
    landed
}
refused() {  # by the version, or the settings, at hand: nobody else knows
    for tag in $tags; do printf 'land %s refused\n' "$tag" >>"$root/log"; done
    draw p
    exit "$bit"
}
landed() {
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
    made
}
made() {
    [ "$bit" = 0 ] || echo unmade >>"$root/log"
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
                    easy_install) easy_install "$@" ;;
                esac
                exit 0 ;;
            -c)
                case $2 in
                    *prefix*==*prefix*) place "$here"; [ "$where" = environment ]; exit ;;
                    *prefix*!=*prefix*) place "$here"; [ "$where" = global ]; exit ;;
                esac
                exit 0 ;;
            -*) shift ;;
            *setup.py)
                case " $* " in *" install "* | *" develop "*) ;; *) exit 0 ;; esac
                place "$here"
                tags=
                for word; do case $word in *tag[0-9]*) tags="$tags ${word#*=}" ;; esac; done
                landed ;;
            *) exit 0 ;;
        esac
    done
    exit 0
}
found() {  # on PATH, not among the functions here
    ( unset -f pip python create easy_install && command -v -- "$1" )
}
case $name in
    pip | pip[0-9]*) pip "$@" ;;
    python*) python "$@" ;;
    easy_install) easy_install "$@" ;;
    step[0-9]*)  # called where the script has no such function, there may or may not be a program of that name
        draw c
        [ "$bit" = 1 ] || exit 127 ;;
    virtualenv) create "$@" ;;
    coin) draw c; exit "$bit" ;;
    draw)  # nothing, "a", "b" or "a b"
        draw c; first=$bit; draw c
        case $first$bit in 00) echo a ;; 01) echo b ;; 10) ;; 11) echo a b ;; esac ;;
    number) draw c; first=$bit; draw c; echo $((2 * first + bit)) ;;
    env)
        words=$#
        while [ "$words" -gt 0 ]; do  # a cleared environment gets the scratch system's PATH
            word=$1
            shift
            words=$((words - 1))
            case $word in
                -i | - | --ignore-environment) set -- "$@" -i PATH="$base" HOME="$HOME" ;;
                -u | -C) set -- "$@" "$word" "$1"; shift; words=$((words - 1)) ;;
                -* | *=*) set -- "$@" "$word" ;;
                *) set -- "$@" "$word"; break ;;
            esac
        done
        while [ "$words" -gt 0 ]; do set -- "$@" "$1"; shift; words=$((words - 1)); done
        exec @ENV@ "$@" ;;
    sudo | doas)
        assigned= keeps=
        while :; do
            case ${1:-} in
                -u | -g | -Hu | --user) shift 2 ;;
                -E | -EH | -HE | --preserve-env) keeps=1; shift ;;
                -i | -s) [ $# -gt 1 ] || set -- "$1" bash; shift ;;
                --) shift; break ;;
                -*) shift ;;
                PATH=*) shift ;;
                [A-Z]*=*) assigned="$assigned $1"; shift ;;
                *) break ;;
            esac
        done
        PATH=$base
        [ -z "$keeps" ] || exec @ENV@ $assigned "$@"
        exec @ENV@ -i PATH="$base" HOME="$HOME" PIP_NO_INDEX=1 $assigned "$@" ;;
    su | runuser)
        command= login=
        while [ $# -gt 0 ]; do
            case $1 in
                - | -l* | --login) login=1 ;;
            esac
            case $1 in
                -c | -lc | --command) command=$2; shift ;;
                --command=*) command=${1#*=} ;;
                -u) other=$2; shift ;;
                --) ;;
                *) [ -z "${other:-}" ] || exec "$@" ;;
            esac
            shift
        done
        [ -z "$login" ] || set -- @ENV@ -i PATH="$base" HOME="$HOME" PIP_NO_INDEX=1
        [ -n "$command" ] || exec "$@" @DASH@
        exec "$@" @DASH@ -c "$command" ;;
    gosu | su-exec) shift; exec "$@" ;;
    time)
        [ "$1" != -p ] || shift
        exec "$@" ;;
    cat | grep | ls | tee)
        "$root/real/$name" "$@" || exit
        draw p
        exit "$bit" ;;
    mkdir)
        "$root/real/$name" "$@" || exit
        draw p
        made ;;
    which) found "$1" ;;
    apt-get | curl | git | make | npm) draw p; exit "$bit" ;;
    *) . "$root/tools/$name" ;;
esac
"""
