package vault

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"huiyin/internal/errs"
)

const (
	fileFormat  = 1
	fileMode    = 0o600
	othersMode  = 0o077 // any right of group or world
	maxFileSize = 1 << 20
)

type keyFile struct {
	Format int         `json:"format"`
	Keys   []storedKey `json:"keys"`
}

type storedKey struct {
	ID      string  `json:"id"` // 16 hexadecimal digits
	Purpose Purpose `json:"purpose"`
	Version int     `json:"version"` // from 1; the highest of a purpose encrypts
	Key     []byte  `json:"key"`
}

// Generate makes the text of a key file with one new key for each purpose. random must be fit for keys
// (crypto/rand.Reader).
func Generate(random io.Reader) ([]byte, error) {
	file := keyFile{Format: fileFormat}
	for _, p := range purposes() {
		k, err := freshKey(random, p, 1)
		if err != nil {
			return nil, err
		}
		file.Keys = append(file.Keys, k)
	}
	return encode(file)
}

// Create makes a key file that does not exist yet and loads it. Call it only where there is no data yet: under new keys,
// what old keys encrypted is lost, so a missing file beside an existing database must stop the start (see Load).
func Create(path string, random io.Reader) (*Keyring, error) {
	text, err := Generate(random)
	if err != nil {
		return nil, err
	}
	// a hard link, unlike a rename, fails when the name is taken
	if err := save(path, text, os.Link); err != nil {
		return nil, err
	}
	return Load(path, random)
}

// Load reads a key file. random gives the nonces and later keys; it must be fit for keys and for use by many goroutines
// (crypto/rand.Reader). A file that is missing, damaged, or open to others than its owner is an error that says so.
func Load(path string, random io.Reader) (*Keyring, error) {
	loaded, err := readFile(path)
	if err != nil {
		return nil, err
	}
	r := &Keyring{path: path, random: random}
	r.ring.Store(loaded)
	return r, nil
}

// Parse reads keys from the text of a key file kept elsewhere, such as an environment variable. Such keys cannot be
// rotated by the program.
func Parse(text []byte, random io.Reader) (*Keyring, error) {
	parsed, err := decode(text)
	if err != nil {
		return nil, errs.E(errs.Internal, "vault.keys_value_broken").Because(err)
	}
	r := &Keyring{random: random}
	r.ring.Store(parsed)
	return r, nil
}

// Reload reads the key file again, to learn of keys that another process added. Keys that did not come from a file stay
// as they are.
func (r *Keyring) Reload() error {
	if r.path == "" {
		return nil
	}
	r.saving.Lock()
	defer r.saving.Unlock()
	loaded, err := readFile(r.path)
	if err != nil {
		return err
	}
	r.ring.Store(loaded)
	return nil
}

// Rotate adds a version to a purpose, saves the file and uses the new key from then on. The file is replaced as a whole
// or not at all, whenever the machine stops. A second rotation at the same time, by this or another process, is
// refused ("vault.rotating").
func (r *Keyring) Rotate(purpose Purpose) error {
	if r.path == "" {
		return errs.E(errs.Refused, "vault.keys_fixed")
	}
	if !slices.Contains(purposes(), purpose) {
		return errs.E(errs.Invalid, "vault.purpose", "purpose", string(purpose))
	}
	r.saving.Lock()
	defer r.saving.Unlock()

	hold, err := os.OpenFile(r.path+".lock", os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return errs.E(errs.Conflict, "vault.rotating", "path", r.path+".lock")
	} else if err != nil {
		return errs.E(errs.Internal, "vault.keys_unwritable", "path", r.path).Because(err)
	}
	defer os.Remove(r.path + ".lock") // a lock left behind is reported by the next rotation
	defer hold.Close()                // nothing is written to it

	// what is in the file counts, not what this process read some time ago
	current, err := readFile(r.path)
	if err != nil {
		return err
	}
	added, err := freshKey(r.random, purpose, current.byPurpose[purpose][0].version+1)
	if err != nil {
		return err
	}
	text, err := encode(keyFile{Format: fileFormat, Keys: append(current.stored(), added)})
	if err != nil {
		return err
	}
	if err := save(r.path, text, os.Rename); err != nil {
		return err
	}
	loaded, err := decode(text)
	if err != nil {
		return errs.E(errs.Internal, "vault.keys_broken", "path", r.path).Because(err)
	}
	r.ring.Store(loaded)
	return nil
}

func freshKey(random io.Reader, purpose Purpose, version int) (storedKey, error) {
	b := make([]byte, idSize+purpose.keySize())
	if _, err := io.ReadFull(random, b); err != nil {
		return storedKey{}, errs.E(errs.Internal, "vault.random").Because(err)
	}
	return storedKey{ID: hex.EncodeToString(b[:idSize]), Purpose: purpose, Version: version, Key: b[idSize:]}, nil
}

// stored lists the keys by purpose and version.
func (r *ring) stored() []storedKey {
	var out []storedKey
	for _, p := range purposes() {
		for _, k := range slices.Backward(r.byPurpose[p]) {
			out = append(out, storedKey{ID: hex.EncodeToString(k.id[:]), Purpose: p, Version: k.version, Key: k.secret})
		}
	}
	return out
}

func encode(file keyFile) ([]byte, error) {
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	return append(text, '\n'), nil
}

// decode reads and checks the text of a key file. Its errors name keys by id and never show one.
func decode(text []byte) (*ring, error) {
	var file keyFile
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("not the JSON of a key file: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON")
	}
	if file.Format != fileFormat {
		return nil, fmt.Errorf("format %d is not known", file.Format)
	}
	out := &ring{byID: map[keyID]*key{}, byPurpose: make(map[Purpose][]*key)}
	for _, s := range file.Keys {
		if err := out.add(s); err != nil {
			return nil, err
		}
	}
	for _, p := range purposes() {
		keys := out.byPurpose[p]
		if len(keys) == 0 {
			return nil, fmt.Errorf("no key for purpose %q", p)
		}
		slices.SortFunc(keys, func(a, b *key) int { return cmp.Compare(b.version, a.version) })
	}
	return out, nil
}

func (r *ring) add(s storedKey) error {
	raw, err := hex.DecodeString(s.ID)
	if err != nil || len(raw) != idSize || hex.EncodeToString(raw) != s.ID {
		return fmt.Errorf("key id %q is not 16 hexadecimal digits in lower case", s.ID)
	}
	id := keyID(raw)
	switch {
	case r.byID[id] != nil:
		return fmt.Errorf("key id %s occurs twice", s.ID)
	case !slices.Contains(purposes(), s.Purpose):
		return fmt.Errorf("key %s: purpose %q is not known", s.ID, s.Purpose)
	case s.Version < 1:
		return fmt.Errorf("key %s: version %d", s.ID, s.Version)
	case len(s.Key) != s.Purpose.keySize():
		return fmt.Errorf("key %s: %d bytes long, not %d", s.ID, len(s.Key), s.Purpose.keySize())
	case slices.ContainsFunc(r.byPurpose[s.Purpose], func(k *key) bool { return k.version == s.Version }):
		return fmt.Errorf("purpose %q has version %d twice", s.Purpose, s.Version)
	}
	k, err := newKey(id, s.Purpose, s.Version, s.Key)
	if err != nil {
		return err
	}
	r.byID[id] = k
	r.byPurpose[s.Purpose] = append(r.byPurpose[s.Purpose], k)
	return nil
}

func readFile(path string) (*ring, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errs.E(errs.Internal, "vault.keys_missing", "path", path)
	case err != nil:
		return nil, errs.E(errs.Internal, "vault.keys_unreadable", "path", path).Because(err)
	case !info.Mode().IsRegular() || info.Size() > maxFileSize:
		return nil, errs.E(errs.Internal, "vault.keys_broken", "path", path).
			Because(fmt.Errorf("mode %v, %d bytes", info.Mode(), info.Size()))
	case info.Mode().Perm()&othersMode != 0:
		return nil, errs.E(errs.Internal, "vault.keys_open", "path", path, "mode", fmt.Sprintf("%04o", info.Mode().Perm()))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errs.E(errs.Internal, "vault.keys_unreadable", "path", path).Because(err)
	}
	out, err := decode(text)
	if err != nil {
		return nil, errs.E(errs.Internal, "vault.keys_broken", "path", path).Because(err)
	}
	return out, nil
}

// save writes text to a file of its own, makes it durable, gives it its name by place (os.Link or os.Rename) and makes
// that durable too. Whenever it stops, path holds the old text or the new one, never a part.
func save(path string, text []byte, place func(from, to string) error) error {
	fail := func(err error) error {
		if errors.Is(err, fs.ErrExist) {
			return errs.E(errs.Conflict, "vault.keys_exist", "path", path)
		}
		return errs.E(errs.Internal, "vault.keys_unwritable", "path", path).Because(err)
	}
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, filepath.Base(path)+".*.new") // made with mode 0600
	if err != nil {
		return fail(err)
	}
	defer os.Remove(temp.Name()) // after a rename there is nothing to remove
	_, err = temp.Write(text)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return fail(err)
	}
	if err := place(temp.Name(), path); err != nil {
		return fail(err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fail(err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fail(err)
	}
	return nil
}
