#!/usr/bin/env bash
# TorchSharp 0.107.0: the package's libLibTorchSharp.so for Linux names version GLIBCXX_3.4.32 of libstdc++ (GCC 13) among what it needs,
# so the loader of Debian 12 or Ubuntu 22.04 (3.4.30) refuses the file, and TorchSharp then tells the user to add a libtorch package.
# One would guess that the code calls something new. It does not: the only symbol of that version is a marker, and no relocation uses it.
# Seen: one symbol of GLIBCXX_3.4.32, _ZSt21ios_base_library_initv, and 0 relocations that name it (readelf is Debian's binutils).
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package TorchSharp@0.107.0
#:property PublishAot=false
Console.WriteLine(Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First(path => path.Contains("linux-x64")));
CS
file=$(dotnet run app.cs)
symbols=$(readelf --dyn-syms -W "$file" | sed -n 's/.* \([^ ]*\)@GLIBCXX_3\.4\.32.*/\1/p')
uses=$(readelf -r -W "$file" | grep -c ios_base_library_init || true)
echo "symbols of GLIBCXX_3.4.32: $symbols; relocations: $uses"
[ "$symbols" = _ZSt21ios_base_library_initv ] && [ "$uses" = 0 ] || { echo "changed" >&2; exit 1; }
