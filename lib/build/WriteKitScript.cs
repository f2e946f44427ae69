using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes the script that notebooks import, into each folder of notebooks. A file that says the same already is left alone.</summary>
public sealed class WriteKitScript : Task
{
    /// <summary>The managed assemblies that a notebook can use.</summary>
    [Required] public ITaskItem[] Assemblies { get; set; }

    /// <summary>The library's source files, for its public namespaces: a using of one that does not exist would not compile.</summary>
    [Required] public ITaskItem[] Sources { get; set; }

    /// <summary>The folder that holds all assemblies, with the natives beside them.</summary>
    [Required] public string OutputFolder { get; set; }

    /// <summary>The folders of notebooks. A notebook is run in its own folder, and imports what lies there.</summary>
    [Required] public ITaskItem[] NotebookFolders { get; set; }

    public override bool Execute()
    {
        var script = new StringBuilder();
        // Two parts, each behind its own '#!csharp': the engine of .NET Interactive tells of an error in an imported file only if it is cut so.
        script.Append("#!csharp\n// Written by the build; the first cell of every notebook imports it.\n");
        script.Append("if (!System.IO.File.Exists(@\"").Append(Path.GetFullPath(Path.Combine(OutputFolder, "NotebookKit.Interactive.dll"))).Append("\"))\n");
        script.Append("    throw new System.IO.FileNotFoundException(\"NotebookKit is not built, or its folder was moved. Run 'dotnet build -c Release', restart the kernel, and run this cell again.\");\n");
        script.Append("#!csharp\n");
        foreach (string name in Assemblies.Select(a => Path.GetFileName(a.ItemSpec)).Distinct().OrderBy(n => n, StringComparer.Ordinal))
            script.Append("#r \"").Append(Path.GetFullPath(Path.Combine(OutputFolder, name))).Append("\"\n");
        script.Append('\n');
        var usings = new List<string> { "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading.Tasks" };
        usings.Add("Microsoft.Data.Analysis");
        usings.AddRange(PublicNamespaces());
        usings.Add("NotebookKit.Interactive");
        // The engine's display cannot be updated in place.
        usings.Add("static NotebookKit.Interactive.Displays");
        // Plotly.NET itself holds a second Chart, made for F#; what is needed of it is named in full.
        usings.Add("Plotly.NET.CSharp");
        usings.Add("TorchSharp");
        // Aliases instead of "using static TorchSharp.torch", whose hundreds of functions hide names such as div, table and input.
        usings.Add("nn = TorchSharp.torch.nn");
        usings.Add("Tensor = TorchSharp.torch.Tensor");
        foreach (string name in usings)
            script.Append("using ").Append(name).Append(";\n");
        script.Append("\nKit.Register();\n");
        script.Append("var progress = NotebookProgress.Create();\n");
        // Before a cell touches a tensor: TorchSharp's own search would end in a message that names no cure.
        script.Append("TorchRuntime.Load();\n");

        string text = script.ToString();
        foreach (string folder in NotebookFolders.Select(f => f.ItemSpec))
        {
            string path = Path.Combine(folder, "kit.csx");
            if (File.Exists(path) && File.ReadAllText(path) == text)
                continue;
            Directory.CreateDirectory(folder);
            File.WriteAllText(path, text);
        }
        return true;
    }

    private IEnumerable<string> PublicNamespaces()
    {
        return Sources
            .Select(source => File.ReadAllText(source.ItemSpec))
            .Where(text => Regex.IsMatch(text, @"^public\s", RegexOptions.Multiline))
            .Select(text => Regex.Match(text, @"^namespace\s+(NotebookKit[\w.]*);", RegexOptions.Multiline).Groups[1].Value)
            .Where(name => name.Length > 0)
            .Distinct()
            .OrderBy(name => name, StringComparer.Ordinal);
    }
}
