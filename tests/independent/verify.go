// A verifier of our evidence that shares no code with it: golang.org/x/mod's sumdb/note and sumdb/tlog,
// written for Go's checksum database. Checks a directory of static tiles whole, and proof files.
//
//	verify VKEY DIR                        checkpoint, every tile, every entry
//	verify VKEY DIR inclusion FILE         and that the file proves one of the entries
//	verify VKEY DIR consistency FILE       and that the file's tree continues one of DIR's own sizes
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// C2SP's paths have no height in them, and entries where Go's have data.
func path(dir string, tile tlog.Tile) string {
	p := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if strings.HasPrefix(p, "data/") {
		p = "entries/" + strings.TrimPrefix(p, "data/")
	}
	return filepath.Join(dir, "tile", p)
}

type files struct{ dir string }

func (f files) Height() int { return height }
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(path(f.dir, tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: wrong length", path(f.dir, tile))
		}
		out = append(out, data)
	}
	return out, nil
}
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func openTree(msg []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tlog.Tree{}, errors.New("checkpoint: not three lines under the key's name")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("checkpoint: size")
	}
	root, err := parseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func parseHash(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(bytes) != tlog.HashSize {
		return hash, errors.New("not a hash")
	}
	copy(hash[:], bytes)
	return hash, nil
}

// Every entry of the tree, from the bundles.
func readEntries(dir string, tree tlog.Tree) ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	for n := int64(0); n*256 < tree.N; n++ {
		width := tree.N - n*256
		if width > 256 {
			width = 256
		}
		data, err := os.ReadFile(path(dir, tlog.Tile{H: height, L: -1, N: n, W: int(width)}))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 {
				return nil, errors.New("entry bundle: cut")
			}
			length := int(binary.BigEndian.Uint16(data))
			if len(data) < 2+length {
				return nil, errors.New("entry bundle: cut")
			}
			leaves = append(leaves, tlog.RecordHash(data[2:2+length]))
			data = data[2+length:]
		}
		if len(data) != 0 {
			return nil, errors.New("entry bundle: more than its entries")
		}
	}
	return leaves, nil
}

func checkAll(tree tlog.Tree, dir string) ([]tlog.Hash, tlog.HashReader, error) {
	reader := tlog.TileHashReader(tree, files{dir})
	leaves, err := readEntries(dir, tree)
	if err != nil {
		return nil, nil, err
	}
	for begin := int64(0); begin < tree.N; begin += 256 {
		var indexes []int64
		for i := begin; i < tree.N && i < begin+256; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return nil, nil, err
		}
		for i, hash := range hashes {
			if hash != leaves[begin+int64(i)] {
				return nil, nil, fmt.Errorf("entry %d is not the tree's leaf", begin+int64(i))
			}
		}
	}
	return leaves, reader, nil
}

// The hash lines between the heading and the empty line, and the note after it.
func splitProof(text string) (hashes []tlog.Hash, checkpoint string, err error) {
	for {
		end := strings.Index(text, "\n")
		if end < 0 {
			return nil, "", errors.New("proof: cut")
		}
		line := text[:end]
		text = text[end+1:]
		if line == "" {
			return hashes, text, nil
		}
		hash, err := parseHash(line)
		if err != nil {
			return nil, "", err
		}
		hashes = append(hashes, hash)
	}
}

func numberAfter(word, text string) (int64, string, error) {
	end := strings.Index(text, "\n")
	if end < 0 || !strings.HasPrefix(text, word) {
		return 0, "", errors.New("proof: no line " + word)
	}
	digits := text[len(word):end]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != digits {
		return 0, "", errors.New("proof: not a number")
	}
	return n, text[end+1:], nil
}

func checkInclusion(file, vkey string, leaves []tlog.Hash) error {
	const first = "c2sp.org/tlog-proof@v1\n"
	if !strings.HasPrefix(file, first) {
		return errors.New("proof: first line")
	}
	index, rest, err := numberAfter("index ", strings.TrimPrefix(file, first))
	if err != nil {
		return err
	}
	hashes, checkpoint, err := splitProof(rest)
	if err != nil {
		return err
	}
	tree, err := openTree([]byte(checkpoint), vkey)
	if err != nil {
		return err
	}
	if index < 0 || index >= int64(len(leaves)) {
		return errors.New("proof: no such entry")
	}
	return tlog.CheckRecord(tlog.RecordProof(hashes), tree.N, tree.Hash, index, leaves[index])
}

func checkConsistency(file, vkey string, reader tlog.HashReader) error {
	old, rest, err := numberAfter("old ", file)
	if err != nil {
		return err
	}
	hashes, checkpoint, err := splitProof(rest)
	if err != nil {
		return err
	}
	tree, err := openTree([]byte(checkpoint), vkey)
	if err != nil {
		return err
	}
	oldRoot, err := tlog.TreeHash(old, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(hashes), tree.N, tree.Hash, old, oldRoot)
}

func run(args []string) error {
	if len(args) != 2 && len(args) != 4 {
		return errors.New("usage: verify VKEY DIR [inclusion|consistency FILE]")
	}
	msg, err := os.ReadFile(filepath.Join(args[1], "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openTree(msg, args[0])
	if err != nil {
		return err
	}
	leaves, reader, err := checkAll(tree, args[1])
	if err != nil {
		return err
	}
	if len(args) == 4 {
		file, err := os.ReadFile(args[3])
		if err != nil {
			return err
		}
		if args[2] == "inclusion" {
			err = checkInclusion(string(file), args[0], leaves)
		} else {
			err = checkConsistency(string(file), args[0], reader)
		}
		if err != nil {
			return err
		}
	}
	fmt.Printf("%d entries hold\n", len(leaves))
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
