using System.Text;

namespace NotebookKit.Runner.Kernel;

/// <summary>A piece of a cell: C# to run, or a file to import. A cell is cut at its magic commands, the lines that start with <c>#!</c>.</summary>
internal abstract record CellPart
{
    /// <exception cref="CellRefusedException">A magic command other than <c>#!import</c> and <c>#!csharp</c>, or an import without a file.</exception>
    public static IReadOnlyList<CellPart> Split(string cell)
    {
        var parts = new List<CellPart>();
        var code = new StringBuilder();
        var lines = cell.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.TrimStart().StartsWith("#r ", StringComparison.Ordinal) && line.Contains("\"nuget:", StringComparison.OrdinalIgnoreCase))
                throw new CellRefusedException(i + 1, "'#r \"nuget:…\"' is not run here: add the package to a project that the build makes, and import kit.csx.");
            if (!line.StartsWith("#!", StringComparison.Ordinal))
            {
                code.Append(line).Append('\n');
                continue;
            }
            var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            switch (words[0])
            {
                case "#!import":
                    Close(i);
                    var file = words.Length > 1 ? words[1].Trim('"') : "";
                    parts.Add(file.Length > 0
                        ? new ImportedFile(file, i + 1)
                        : throw new CellRefusedException(i + 1, "'#!import' needs the name of a file."));
                    break;
                case "#!csharp" or "#!c#" or "#!C#":
                    Close(i);
                    break;
                default:
                    throw new CellRefusedException(i + 1, $"The magic command '{words[0]}' is not known here: cells are C#, and '#!import file' is the only command.");
            }
        }
        Close(lines.Length);
        return parts;

        void Close(int line)
        {
            if (!string.IsNullOrWhiteSpace(code.ToString()))
                parts.Add(new CellCode(code.ToString()));
            // Blank lines keep the line numbers of what follows as they are in the cell.
            code.Clear().Append('\n', line + 1);
        }
    }
}

internal sealed record CellCode(string Code) : CellPart;

internal sealed record ImportedFile(string Path, int Line) : CellPart;

/// <summary>A cell that is not run at all, and why.</summary>
internal sealed class CellRefusedException(int line, string message) : Exception(message)
{
    public int Line => line;
}
