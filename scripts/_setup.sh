# shellcheck shell=bash
# The set-up that the commands beside this file share: they source it and call `set_up EXTRA...`.
#
# What it leaves behind is a virtual environment, `$venv`, that holds the coach and the named extras of pyproject.toml.
# In its folder .voicecoach the environment keeps what it was made from, so that the next start has nothing to do:
#   place         the checkout, the folder and the Python it was made for; with any other it is made anew
#   coach, EXTRA  the checksums of the files that say what is installed; with any other that part is installed again
#   unfinished    there while something is being changed; an environment found like that is made anew
# They are written last, and whole: the next start mends a set-up that was cut short, wherever that was.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=""   # where the virtual environment is
python="" # the interpreter that makes it
facts=""  # what scripts/_machine.py says of the Python in use
wanted=() # Debian packages to install; `want` puts some in beforehand
log=""    # what apt-get and pip say; the file stays only when something went wrong

# set_up EXTRA...: leaves `$venv` ready, or says in one line why it cannot be, and exits.
set_up() {
    choose_venv "$@"
    if is_ready "$@"; then
        install_wanted_packages || true
    else
        find_python
        install_wanted_packages || true
        mkdir --parents -- "$venv" 2> /dev/null || fail "the folder $venv cannot be made; VOICECOACH_VENV=FOLDER names another."
        make_ready "$@" 9< "$venv"
        tell "ready."
    fi
    [[ -z $log ]] || rm --force -- "$log"
}

# want PACKAGE PART...: have `set_up` install a Debian package where one of its programs or files is missing.
want() {
    local package=$1 part
    shift
    for part in "$@"; do
        is_there "$part" || { wanted+=("$package") && return; }
    done
}

is_there() { if [[ $1 == */* ]]; then compgen -G "$1"; else command -v "$1"; fi > /dev/null; }

# want_voices: the synthetic voices of the trainer and the benchmark, as Debian packs them.
want_voices() {
    want flite flite
    want festival festival
    want festvox-kallpc16k /usr/share/festival/voices/english/kal_diphone
    want festvox-kdlpc16k /usr/share/festival/voices/english/ked_diphone
    want festvox-us-slt-hts /usr/share/festival/voices/us/cmu_us_slt_arctic_hts
}

tell() { printf 'voicecoach: %s\n' "$*" >&2; }

# fail SENTENCE [EXIT CODE]; the codes are those of voicecoach/errors.py: a part is missing
fail() {
    tell "$1"
    exit "${2:-69}"
}

# --- which virtual environment, and whether it is ready ---------------------------------------------------------------

choose_venv() {
    venv=$root/.venv
    if [[ -n ${VOICECOACH_VENV:-} ]]; then
        venv=$(realpath --canonicalize-missing -- "$VOICECOACH_VENV")
    elif ! can_change "$venv" && ! is_ready "$@"; then # the checkout is somebody else's
        venv=${XDG_CACHE_HOME:-~/.cache}/voicecoach/venv-$(cksum <<< "$root" | cut --delimiter=' ' --fields=1)
    fi
}

can_change() { if [[ -e $1 ]]; then [[ -w $1 ]]; else [[ -w $(dirname -- "$1") ]]; fi; }

is_ready() {
    local part
    is_at_home || return
    for part in coach "$@"; do
        [[ $(kept "$part") == "$(recipe)" ]] || return
    done
}

# Whether the environment is whole, and was made for this place and Python.
is_at_home() {
    [[ -x $venv/bin/python && ! -e $venv/.voicecoach/unfinished ]] || return
    facts=$(facts_of "$venv/bin/python") || return
    [[ $(kept place) == "$(place)" ]] || return
    [[ -z ${PYTHON:-} || $(facts_of "$PYTHON" | head --lines=1) == "${facts%%$'\n'*}" ]]
}

place() { printf '%s\n' "$root" "$venv" "${facts%%$'\n'*}"; }

recipe() { (cd -- "$root" && sha256sum pyproject.toml constraints.txt scripts/_setup.sh); }

kept() { cat -- "$venv/.voicecoach/$1" 2> /dev/null || true; }

# keep NAME: standard input becomes what is `kept NAME`, all of it or nothing.
keep() { cat > "$venv/.voicecoach/$1.new" && mv -- "$venv/.voicecoach/$1.new" "$venv/.voicecoach/$1"; }

# --- the interpreter --------------------------------------------------------------------------------------------------

facts_of() { "$1" -I "$root/scripts/_machine.py" 2> /dev/null < /dev/null; }

# Sets `$python` and its `$facts`.
find_python() {
    local unfit=""
    look_for_python && return
    if [[ -z $unfit && -z ${PYTHON:-} ]]; then # no Python at all: this package brings one along
        install_packages python3-venv && look_for_python && return
    fi
    fail "${unfit:-there is no ${PYTHON:-python3} that works}; PYTHON=/path/to/python3 names another."
}

look_for_python() {
    local -a names=(python3 python3.13 python3.12 python3.11)
    local name
    [[ -z ${PYTHON:-} ]] || names=("$PYTHON")
    for name in "${names[@]}"; do
        facts=$(facts_of "$name") || continue
        python=$name
        [[ $facts == *$'\nunfit '* ]] || return 0
        unfit=${unfit:-$(sed --quiet 's/^unfit //p' <<< "$facts")}
    done
    return 1
}

# --- Debian packages --------------------------------------------------------------------------------------------------

install_wanted_packages() {
    mapfile -t -O "${#wanted[@]}" wanted < <(sed --quiet 's/^lacks //p' <<< "$facts")
    ((${#wanted[@]} == 0)) || install_packages "${wanted[@]}"
}

# install_packages PACKAGE...: true when they are there now; otherwise the person has been told what to do.
install_packages() {
    local -a apt_get=(env DEBIAN_FRONTEND=noninteractive apt-get --option DPkg::Lock::Timeout=120)
    local -a install=(install --yes --no-install-recommends "$@")
    if ! command -v apt-get > /dev/null; then
        tell "parts are missing.  Please install what Debian calls $*."
        return 1
    fi
    if [[ $(id --user) != 0 ]]; then
        if ! may_sudo "$@"; then
            tell "parts are missing.  Please type:  $(with_rights "apt-get install --yes $*")"
            return 1
        fi
        apt_get=(sudo "${apt_get[@]}")
    fi
    tell "installing the Debian packages $* ..."
    open_log
    "${apt_get[@]}" "${install[@]}" &>> "$log" < /dev/null && return
    # The lists of packages may be out of date, or missing as in a new container.
    "${apt_get[@]}" update &>> "$log" < /dev/null && "${apt_get[@]}" "${install[@]}" &>> "$log" < /dev/null && return
    tell "apt-get could not install $*: $(what_went_wrong)  All it said: $log"
    log="" # so that it stays
    return 1
}

may_sudo() {
    command -v sudo > /dev/null || return
    sudo --non-interactive true 2> /dev/null && return
    [[ -t 0 && -t 2 ]] || return
    tell "the Debian packages $* are missing; sudo asks for your password to install them."
    sudo --validate
}

with_rights() { if command -v sudo > /dev/null; then echo "sudo $1"; else echo "su -c '$1'"; fi; }

# --- the virtual environment ------------------------------------------------------------------------------------------

# Its file descriptor 9 is the folder: whoever holds the lock on it works there, and another start waits.
make_ready() {
    local part
    if ! flock --nonblock 9; then
        tell "another set-up is under way; waiting for it ..."
        flock 9
    fi
    if is_ready "$@"; then return; fi
    is_at_home || make_venv
    begin_change
    install_coach "$@"
    for part in coach "$@"; do
        recipe | keep "$part"
    done
    end_change
}

begin_change() { mkdir --parents -- "$venv/.voicecoach" && : > "$venv/.voicecoach/unfinished"; }

end_change() { rm -- "$venv/.voicecoach/unfinished"; }

make_venv() {
    if [[ ! -e $venv/.voicecoach && ! -e $venv/pyvenv.cfg && -n $(ls --almost-all -- "$venv") ]]; then
        fail "$venv holds something else than a virtual environment; VOICECOACH_VENV must name another folder." 78
    fi
    if [[ $(facts_of "$python") == *'lacks python3-venv'* ]]; then
        fail "it cannot go on without python3-venv; start it again when that is there."
    fi
    tell "making a virtual environment in $venv ..."
    open_log
    begin_change
    find "$venv" -mindepth 1 -maxdepth 1 ! -name .voicecoach -exec rm --recursive --force -- {} +
    find "$venv/.voicecoach" -type f ! -name unfinished -delete
    "$python" -m venv "$venv" &>> "$log" || fail "that did not work: $(what_went_wrong)  All it said: $log"
    facts=$(facts_of "$venv/bin/python")
    place | keep place
}

install_coach() {
    local extras code=0
    extras=$(IFS=, && echo "$*")
    tell "installing what it needs; the first time this takes a minute or two ..."
    open_log
    # As variables, the constraints bind also what only builds packages.  pip parts such a variable at blanks, so the
    # file's name must be a relative one.
    env --chdir="$root" PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt PIP_USER=0 \
        "$venv/bin/python" -m pip install --no-input --disable-pip-version-check --progress-bar off --use-pep517 \
        --editable ".${extras:+[$extras]}" &>> "$log" < /dev/null || code=$?
    ((code)) || return 0
    ((code > 1)) || end_change # pip gave up of its own accord, which leaves everything as it was
    fail "the Python packages could not be installed: $(what_went_wrong)  All that pip said: $log"
}

# --- when something goes wrong ----------------------------------------------------------------------------------------

open_log() {
    [[ -n $log ]] || log=$(mktemp --tmpdir voicecoach-setup-XXXXXX.log) || fail "${TMPDIR:-/tmp} has no room for a log."
}

what_went_wrong() {
    local connection='ConnectionError|NameResolution|Temporary failure|Could not (resolve|connect)'
    if grep --quiet --ignore-case 'no space left' "$log"; then
        echo "the disk is full."
    elif grep --quiet --extended-regexp "$connection" "$log"; then
        echo "the internet cannot be reached."
    else
        grep --extended-regexp '^(ERROR|Error|E): ' "$log" | tail --lines=1 || echo "the log says why."
    fi
}
