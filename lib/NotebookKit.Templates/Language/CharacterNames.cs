using System.Runtime.InteropServices;

namespace NotebookKit.Templates.Language;

/// <summary>Unicode's names of characters (<c>GREEK SMALL LETTER ALPHA</c>), from the ICU library that .NET itself uses on every system.</summary>
internal static class CharacterNames
{
    private const int Name = 0;
    private const int Alias = 3;

    private delegate int CharFromName(int choice, [MarshalAs(UnmanagedType.LPStr)] string name, ref int error);

    private static readonly Lazy<CharFromName?> Icu = new(Find);

    /// <summary>Whether the system has the names.</summary>
    public static bool Available => Icu.Value is not null;

    /// <summary>The character of a name, whatever its case; null if there is none.</summary>
    public static int? CodePointOf(string name)
    {
        if (Icu.Value is not { } lookup || name.Any(c => c is < ' ' or > '~')) return null;
        foreach (int choice in new[] { Name, Alias })
        {
            int error = 0;
            int found = lookup(choice, name, ref error);
            if (error <= 0) return found;
        }
        return null;
    }

    private static CharFromName? Find()
    {
        IEnumerable<(string Library, string Symbol)> places =
        [
            ("icu.dll", "u_charFromName"),
            ("libicucore.dylib", "u_charFromName"),
            // Linux puts the version into both names.
            .. Enumerable.Range(50, 60).Reverse().Select(version => ($"libicuuc.so.{version}", $"u_charFromName_{version}")),
        ];
        foreach (var (library, symbol) in places)
        {
            if (NativeLibrary.TryLoad(library, out nint handle) && NativeLibrary.TryGetExport(handle, symbol, out nint address))
                return Marshal.GetDelegateForFunctionPointer<CharFromName>(address);
        }
        return null;
    }
}
