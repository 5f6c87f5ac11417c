Attribute VB_Name = "XltoolRibbon"
Option Explicit

' All buttons of the ribbon come here; what they do is told by their tag.
' Texts for people stand in the sheet xltool.conf, because this source is ASCII.

Public Function XltoolCommand(ByVal ButtonTag As String) As String
    XltoolCommand = "import xltool.addin.entry as e;e.dispatch('" & ButtonTag & "')"
End Function

Public Function XltoolSetting(ByVal Key As String) As String
    Dim Row As Long
    Row = 1
    Do While ThisWorkbook.Sheets("xltool.conf").Cells(Row, 1).Value <> ""
        If ThisWorkbook.Sheets("xltool.conf").Cells(Row, 1).Value = Key Then
            XltoolSetting = ThisWorkbook.Sheets("xltool.conf").Cells(Row, 2).Value
            Exit Function
        End If
        Row = Row + 1
    Loop
End Function

Public Sub XltoolAction(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then
        MsgBox XltoolSetting("TEXT_NO_WORKBOOK"), vbInformation, XltoolSetting("TEXT_TITLE")
        Exit Sub
    End If
    If Not FileExists(GetConfig("INTERPRETER_WIN")) Then
        MsgBox XltoolSetting("TEXT_NO_PYTHON") & vbCrLf & GetConfig("INTERPRETER_WIN"), vbExclamation, XltoolSetting("TEXT_TITLE")
        Exit Sub
    End If
    RunPython XltoolCommand(control.Tag)
End Sub
