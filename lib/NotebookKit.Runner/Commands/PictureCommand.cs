using System.CommandLine;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk picture</c>: takes the picture of a figure out of an executed notebook, for a README or a talk.</summary>
internal static class PictureCommand
{
    private const string Png = "image/png";

    public static Command Create()
    {
        var name = new Argument<string>("notebook") { Description = "A name, the start of one, or a path." };
        var cell = new Argument<string>("cell") { Description = "The id of the cell that shows the figure." };
        var file = new Argument<string>("file") { Description = "The .png to write." };
        var command = new Command("picture", "Write the static picture of a notebook's figure to a file.") { name, cell, file };
        command.SetAction(parsed => Guard.Run(() =>
        {
            var notebook = NotebookFile.Select(Repository.Find().Notebooks, [parsed.GetValue(name)!])[0];
            AtomicFile.Write(parsed.GetValue(file)!, Picture(notebook, parsed.GetValue(cell)!));
            return 0;
        }));
        return command;
    }

    private static byte[] Picture(NotebookFile file, string id)
    {
        var pictures = NotebookReader.Read(file.Path).Cells
            .SelectMany(cell => cell.Outputs, (cell, output) => (cell.Id, Data: (output as ShownOutput)?.Data))
            .Where(shown => shown.Data?.ContainsKey(Png) == true)
            .ToList();
        return pictures.FirstOrDefault(shown => shown.Id == id).Data is { } data
            ? Convert.FromBase64String(string.Concat(data[Png]!.GetValue<string>().Where(c => !char.IsWhiteSpace(c))))
            : throw new NotebookFormatException(pictures.Count == 0
                ? $"{file.Path} has no pictures. Execute it where there is a browser: 'nbk run {file.Name} --write'."
                : $"{file.Path}: no cell '{id}' with a picture; there are {string.Join(", ", pictures.Select(shown => shown.Id).Distinct())}.");
    }
}
